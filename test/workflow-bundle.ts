/**
 * The workflow bundle of the whole test run: made once, at the run's start, and read by every test file's worker.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflows } from '../src/programs/workflow-bundle';

/** Gives the path of the bundle in `folder`. */
export async function writeTestBundle(folder: string): Promise<string> {
  const { code } = await bundleWorkflows();
  const file = join(folder, 'workflows.js');
  await writeFile(file, code);
  return file;
}
