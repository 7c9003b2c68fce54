/**
 * What the start request says of how the project is set up.
 */
import type { ProjectWish } from '../ports/checkouts';
import type { StartRequest } from '../requests/start-request';

export function wishOf(commands: StartRequest['commands']): ProjectWish {
  return { workdir: commands?.workdir, setup: commands?.setup };
}
