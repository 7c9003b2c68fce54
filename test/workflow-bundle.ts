/**
 * The workflow bundle of the whole test run: one for its sources, as every start of a worker has it, read by every test file's
 * worker.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/programs/config';
import { keptBundle } from '../src/programs/workflow-bundle';

/** Gives the path of the bundle in `folder`. */
export async function writeTestBundle(folder: string): Promise<string> {
  const { cacheDir } = readConfig(process.env as Record<string, string>);
  const { code } = await keptBundle(cacheDir);
  const file = join(folder, 'workflows.js');
  await writeFile(file, code);
  return file;
}
