/**
 * Reads from a checkout how the program runs in production: its environment variables, the modules in the same folders as the tested
 * ones, and the files that its package exports. Reads are limited, and links are not followed.
 */
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isLoadedBeside, isSettingFile, loadedEntriesOf, productionVariables } from '../../inspect/replay/production';
import type { PreparedCheckout } from '../../ports/checkouts';
import type { LaidFile } from '../../ports/test-runner';
import { readBounded } from './read-bounded';

export interface ProductionContext {
  variables: Record<string, string>;
  /** Paths of files that the package exports and that the change wrote. */
  builtFiles: string[];
  /** Gives modules that production may load together with the tested ones, those of the change first. */
  listNeighbours(paths: string[]): Promise<string[]>;
  /** True where a test of the change names the variable. */
  isNamed(variable: string): boolean;
}

const MAX_NEIGHBOURS = 20;
const MAX_SETTING_BYTES = 64 * 1024;

export async function readProductionContext(
  { folder, setup: { workdir } }: PreparedCheckout,
  { changedSources, tests = [], locked }: { changedSources: LaidFile[]; tests?: LaidFile[]; locked: LaidFile[] },
): Promise<ProductionContext> {
  const changed = changedSources.map(({ path }) => path);
  const texts = [...tests, ...locked].map(({ text }) => text);
  const names = (await readdir(join(folder, workdir)).catch(() => [])).filter(isSettingFile).slice(0, 10);
  const settings = await Promise.all(
    names.map(async (name) => ({ name, text: await readText(join(folder, workdir, name)) })),
  );
  const entries = loadedEntriesOf(await readText(join(folder, workdir, 'package.json'))).map((entry) =>
    join(workdir, entry),
  );
  return {
    variables: productionVariables(settings),
    builtFiles: entries.filter((path) => changed.includes(path)).slice(0, 2),
    listNeighbours: (paths) => neighboursOf(folder, paths, changed),
    isNamed: (variable) => texts.some((text) => new RegExp(`\\b${variable}\\b`).test(text)),
  };
}

async function neighboursOf(folder: string, paths: string[], changed: string[]): Promise<string[]> {
  const isPython = paths.every((path) => path.endsWith('.py'));
  const candidates = changed.filter((path) => !path.startsWith('.'));
  for (const directory of new Set(paths.map((path) => dirname(path)))) {
    const parent = join(folder, directory);
    if ((await realpath(parent).catch(() => '')) !== join(await realpath(folder), directory)) continue;
    const names = (await readdir(parent, { withFileTypes: true })).filter((entry) => entry.isFile());
    candidates.push(...names.map(({ name }) => join(directory, name)).sort());
  }
  const all = [...new Set(candidates)].filter((path) => isLoadedBeside(path, isPython) && !paths.includes(path));
  return all.slice(0, MAX_NEIGHBOURS);
}

async function readText(path: string): Promise<string> {
  return (await readBounded(path, MAX_SETTING_BYTES))?.toString('utf8') ?? '';
}
