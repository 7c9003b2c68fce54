/** What the rules of wiring find between two small trees. */
import { wiringOf } from '../../../src/inspect/wiring/wiring';
import { treeOf } from '../delivered/example-tree';
import type { ExampleChange } from '../delivered/example-tree';

export const wired = async (told: ExampleChange): Promise<string[]> =>
  (await wiringOf(treeOf(told))).found.map(({ path, line, what }) => `${path}:${line} ${what}`);
export const noted = async (told: ExampleChange): Promise<string[]> => (await wiringOf(treeOf(told))).notes;
