/**
 * What the tree of a commit says of the program that goes live: variables that it is started with, modules beside a tested one, and
 * files that its package hands out. Read with bounds; links are not followed.
 */
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isLoadedBeside, isSettingFile, loadedEntriesOf, productionVariables } from '../../inspect/replay/production';
import type { PreparedCheckout } from '../../ports/checkouts';
import type { LaidFile } from '../../ports/test-runner';
import { readBounded } from './read-bounded';

export interface Around {
  variables: Record<string, string>;
  /** Files that the package hands out and that the change wrote, by path. */
  built: string[];
  /** Modules that may be loaded beside the tested ones, those of the change first. */
  beside(paths: string[]): Promise<string[]>;
  /** Whether a test of the change names the variable. */
  isNamed(variable: string): boolean;
}

const MOST_BESIDE = 20;
const MOST_BYTES = 64 * 1024;

export async function readAround(
  { folder, setup: { workdir } }: PreparedCheckout,
  { changedSources, tests = [], locked }: { changedSources: LaidFile[]; tests?: LaidFile[]; locked: LaidFile[] },
): Promise<Around> {
  const changed = changedSources.map(({ path }) => path);
  const texts = [...tests, ...locked].map(({ text }) => text);
  const names = (await readdir(join(folder, workdir)).catch(() => [])).filter(isSettingFile).slice(0, 10);
  const settings = await Promise.all(
    names.map(async (name) => ({ name, text: await readText(join(folder, workdir, name)) })),
  );
  const entries = loadedEntriesOf(await readText(join(folder, workdir, 'package.json'))).map((one) =>
    join(workdir, one),
  );
  return {
    variables: productionVariables(settings),
    built: entries.filter((path) => changed.includes(path)).slice(0, 2),
    beside: (paths) => besideOf(folder, paths, changed),
    isNamed: (variable) => texts.some((text) => new RegExp(`\\b${variable}\\b`).test(text)),
  };
}

async function besideOf(folder: string, paths: string[], changed: string[]): Promise<string[]> {
  const isPython = paths.every((path) => path.endsWith('.py'));
  const found = changed.filter((path) => !path.startsWith('.'));
  for (const under of new Set(paths.map((path) => dirname(path)))) {
    const place = join(folder, under);
    if ((await realpath(place).catch(() => '')) !== join(await realpath(folder), under)) continue;
    const names = (await readdir(place, { withFileTypes: true })).filter((one) => one.isFile());
    found.push(...names.map(({ name }) => join(under, name)).sort());
  }
  const all = [...new Set(found)].filter((path) => isLoadedBeside(path, isPython) && !paths.includes(path));
  return all.slice(0, MOST_BESIDE);
}

async function readText(path: string): Promise<string> {
  return (await readBounded(path, MOST_BYTES))?.toString('utf8') ?? '';
}
