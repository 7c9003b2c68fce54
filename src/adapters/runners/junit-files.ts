/**
 * The JUnit files that a run left in its folder.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCase } from '../../ports/test-runner';
import { parseJunit } from '../../inspect/test-output/junit';
import { readReportFile } from '../machine/report-file';

const PLACES = ['.', 'reports', 'test-results', 'test-reports', 'target/surefire-reports', 'build/test-results/test'];
const NAME = /^(TEST-.*|.*junit.*|test-?results?|report)\.xml$/i;

export async function findJunitFiles(folder: string): Promise<string[]> {
  const found = await Promise.all(
    PLACES.map(async (place) => {
      const entries = await readdir(join(folder, place), { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isFile() && NAME.test(entry.name)).map((entry) => join(place, entry.name));
    }),
  );
  return found.flat().sort();
}

/** null where the run left no such file. */
export async function readJunit(folder: string): Promise<TestCase[] | null> {
  const files = await findJunitFiles(folder);
  if (files.length === 0) return null;
  const texts = await Promise.all(files.map((file) => readReportFile(folder, file)));
  return texts.flatMap(parseJunit);
}
