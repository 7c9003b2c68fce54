/** What the rules of wiring find between two small trees. */
import { wiringOf } from '../../../src/inspect/wiring/wiring';
import { treeOf } from '../delivered/told-tree';
import type { Said } from '../delivered/told-tree';

export const wired = async (told: Said): Promise<string[]> =>
  (await wiringOf(treeOf(told))).found.map(({ path, line, what }) => `${path}:${line} ${what}`);
export const noted = async (told: Said): Promise<string[]> => (await wiringOf(treeOf(told))).notes;
