/**
 * JUnit XML, as most runners of most languages can write it.
 *
 * The files lie where the command could put anything: only regular files of bounded size are opened, and no link is followed.
 */
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCase } from '../../activities/test-runs';

const PLACES = ['.', 'reports', 'test-results', 'test-reports', 'target/surefire-reports', 'build/test-results/test'];
const NAME = /^(TEST-.*|.*junit.*|test-?results?|report)\.xml$/i;
const MAX_BYTES = 16 * 1024 * 1024;

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
  const texts = await Promise.all(files.map((file) => readBounded(join(folder, file))));
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

async function readBounded(path: string): Promise<string> {
  // Not blocking: a pipe put there would otherwise keep us waiting.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  try {
    const { size = 0, isFile } = (await file?.stat().then((s) => ({ size: s.size, isFile: s.isFile() }))) ?? {};
    return file === undefined || isFile !== true || size > MAX_BYTES ? '' : await file.readFile('utf8');
  } finally {
    await file?.close();
  }
}
