/** Runs the wiring rules on a small change, and returns their findings or their notes. */
import { wiringOf } from '../../../src/inspect/wiring/wiring';
import { treeOf } from '../delivered/example-tree';
import type { ExampleChange } from '../delivered/example-tree';

export const findingsIn = async (change: ExampleChange): Promise<string[]> =>
  (await wiringOf(treeOf(change))).found.map(({ path, line, what }) => `${path}:${line} ${what}`);
export const notesOn = async (change: ExampleChange): Promise<string[]> => (await wiringOf(treeOf(change))).notes;
