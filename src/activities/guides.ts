/**
 * The files for agents that a role is shown, and which of them were shown by the activity that runs: the kept call names them.
 */
import { Context } from '@temporalio/activity';
import type { GuideRef, ShownGuides } from '../domain/guides';
import { readGuides } from '../inspect/read-guides';
import type { StartRequest } from '../requests/start-request';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { startingCommit } from './starting-commit';

type Asked = Parameters<typeof startingCommit>[1] & Pick<PhaseTask, 'base'>;

const shown = new WeakMap<Context, GuideRef[]>();

/** Those of the base; null where it has none. Makes the workspace where no phase before needed it. */
export async function guidesOfBase(
  deps: Pick<Deps, 'workspace'>,
  task: Asked,
  request: Pick<StartRequest, 'repository'>,
): Promise<ShownGuides | null> {
  // Without a repository the base is empty.
  if (request.repository === undefined) return null;
  const { base } = await startingCommit(deps, task, request);
  const guides = await readGuides(deps.workspace, { ...task, commit: base });
  shown.set(Context.current(), guides?.refs ?? []);
  return guides;
}

/** Undefined where this activity has shown none: the step of a conversation whose first message an earlier one made. */
export function guidesShown(): GuideRef[] | undefined {
  return shown.get(Context.current());
}
