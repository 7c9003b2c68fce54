/**
 * `qo disk` shows how much disk space DATA_DIR uses and what could be reclaimed; `qo reclaim` removes what is no longer referred to.
 */
import { readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageCacheRoot } from '../../adapters/checkouts/package-cache';
import { diskUse } from '../../adapters/machine/du';
import { KINDS } from '../../adapters/reclaim/rules';
import type { ReclaimReport } from '../../adapters/reclaim/run';
import { isId } from '../../domain/ids';
import { readConfig } from '../config';
import type { Config } from '../config';
import { dataFolders } from '../data-folders';
import { reclaimNow } from '../reclaim';
import { lowerPriority } from '../reclaim-schedule';
import type { DiskVerb } from './disk-help';

/** Gives the output to print. Throws where a flag or a setting is wrong, or Temporal does not answer. */
export async function runDiskVerb(verb: DiskVerb, args: string[]): Promise<string> {
  const flags = { json: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, scheduled: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: args, options: flags });
  if (values.scheduled === true) lowerPriority();
  const config = readConfig();
  const isJson = values.json === true;
  return verb === 'disk'
    ? showDisk(config, isJson)
    : runReclaim(config, { isJson, isDryRun: values['dry-run'] === true });
}

async function runReclaim(config: Config, { isJson, isDryRun }: { isJson: boolean; isDryRun: boolean }) {
  const done = await reclaimNow(config, { isDryRun });
  if (done === null) return 'another process is reclaiming on this DATA_DIR now\n';
  const { freeBytes } = await diskSpace(config.dataDir);
  if (isJson) return asJson({ dry_run: isDryRun, free_bytes: freeBytes, ...done });
  const total = KINDS.reduce((sum, kind) => sum + done.kinds[kind].bytes, 0);
  const last = `${isDryRun ? 'would give free' : 'gave free'} ${inMegabytes(total)}; free: ${inMegabytes(freeBytes)}`;
  return [...describeKinds(done), ...done.notes, last, ''].join('\n');
}

async function showDisk(config: Config, isJson: boolean): Promise<string> {
  const { dataDir } = config;
  const { freeBytes, totalBytes } = await diskSpace(dataDir);
  const [used, projects] = [await useByKind(dataDir), await useByProject(dataDir)];
  const preview = await previewReclaim(config);
  if (isJson) {
    const sizes = { free_bytes: freeBytes, total_bytes: totalBytes, used_bytes: used, projects };
    return asJson({ data_dir: dataDir, ...sizes, ...preview });
  }
  const { reclaimable, reason } = preview;
  const projectLines = Object.entries(projects).map(([id, bytes]) => {
    const spare = reclaimable?.projects[id] ?? 0;
    return `project ${id}: ${inMegabytes(bytes)}${spare === 0 ? '' : `, of which ${inMegabytes(spare)} could be reclaimed`}`;
  });
  const lines = [
    `free: ${inMegabytes(freeBytes)} of ${inMegabytes(totalBytes)}`,
    ...Object.entries(used).map(([kind, bytes]) => `${kind}: ${inMegabytes(bytes)}`),
    ...projectLines,
    ...(reclaimable === null
      ? [`what could be reclaimed is not known: ${reason}`]
      : ['could be reclaimed:', ...describeKinds(reclaimable), ...reclaimable.notes]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Gives what could be reclaimed, or the reason why that is not known: the rest is shown also while Temporal is away. */
async function previewReclaim(config: Config): Promise<{ reclaimable: ReclaimReport | null; reason: string | null }> {
  try {
    const reclaimable = await reclaimNow(config, { isDryRun: true });
    return { reclaimable, reason: reclaimable === null ? 'another process is reclaiming now' : null };
  } catch (error) {
    return { reclaimable: null, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The size and the free space of the disk with the data folder, in bytes. */
async function diskSpace(dataDir: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bsize, blocks, bavail } = await statfs(dataDir);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** The bytes of each folder of DATA_DIR, and of the package cache, which lies elsewhere. */
async function useByKind(dataDir: string): Promise<Record<string, number>> {
  const folders = Object.entries(dataFolders(dataDir));
  const used: Array<[string, number]> = [];
  for (const [kind, folder] of folders) used.push([kind, await diskUse([folder])]);
  const others = (await readdir(dataDir)).filter((name) => !folders.some(([kind]) => kind === name));
  const pathsOf = (names: string[]) => names.map((name) => join(dataDir, name));
  const isServer = (name: string) => name.startsWith('temporal');
  return {
    ...Object.fromEntries(used),
    temporal: await diskUse(pathsOf(others.filter(isServer))),
    other: await diskUse(pathsOf(others.filter((name) => !isServer(name)))),
    packages: await packageBytes(),
  };
}

/** Sums the sizes that the cache entries record of themselves: the cache may have millions of files. */
async function packageBytes(): Promise<number> {
  const root = packageCacheRoot();
  const names = await readdir(root).catch((): string[] => []);
  const sizes = names.map(async (name) => {
    const text = await readFile(join(root, name, 'record.json'), 'utf8').catch(() => '{}');
    return (JSON.parse(text) as { bytes?: number }).bytes ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

async function useByProject(dataDir: string): Promise<Record<string, number>> {
  const { repositories, releases } = dataFolders(dataDir);
  const namesIn = (folder: string) => readdir(folder).catch((): string[] => []);
  const ids = [
    ...(await namesIn(repositories)).map((name) => name.replace(/\.git$/, '')),
    ...(await namesIn(releases)),
  ];
  const used: Array<[string, number]> = [];
  for (const id of new Set(ids.filter(isId))) {
    used.push([id, await diskUse([join(repositories, `${id}.git`), join(releases, id)])]);
  }
  return Object.fromEntries(used.sort(([, a], [, b]) => b - a));
}

const asJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const inMegabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MB`;

function describeKinds({ kinds }: ReclaimReport): string[] {
  return KINDS.map((kind) => `  ${kind}: ${kinds[kind].count}, ${inMegabytes(kinds[kind].bytes)}`);
}
