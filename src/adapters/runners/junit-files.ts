/**
 * JUnit XML, as most runners of most languages can write it.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCase } from '../../ports/test-runner';
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

export function parseJunit(text: string): TestCase[] {
  const cases = text.matchAll(/<testcase\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g);
  return [...cases].map(([, attributes = '', body = '']) => {
    const of = (name: string): string =>
      decode(new RegExp(`\\b${name}=(?:"([^"]*)"|'([^']*)')`).exec(attributes)?.slice(1).find(Boolean) ?? '');
    const bare = body.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<system-(out|err)>[\s\S]*?<\/system-\1>/g, '');
    const status = /<(failure|error)\b/.test(bare) ? 'failed' : /<skipped\b/.test(bare) ? 'skipped' : 'passed';
    return { file: of('file') || of('classname'), name: of('name'), status };
  });
}

function decode(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(\w+);/g, (whole, name: string) => named[name] ?? whole);
}
