/**
 * The version and place of the interpreter or compiler that an install step uses: what was installed for one serves no other.
 */
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../inspect/packages/install';
import type { CheckoutsOptions } from './options';

/** Each says its version and does nothing else. */
const ASKED: Readonly<Record<Language, string[]>> = {
  javascript: ['node', '--version'],
  python: ['python3', '--version'],
  go: ['go', 'version'],
  rust: ['rustc', '--version'],
  java: ['java', '-version'],
};
export const LANGUAGES = Object.keys(ASKED) as Language[];
const TIMEOUT_MS = 20_000;

/** Asked in the sandbox, once for each program as it is on the worker's PATH at the time. */
export function createToolVersions({ sandbox, setup }: Pick<CheckoutsOptions, 'sandbox' | 'setup'>) {
  const known = new Map<string, Promise<string>>();
  const folders = (setup.worker.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const ask = (command: string[]): Promise<string> =>
    sandbox.withScratch(async (folder) => {
      const { exitCode, output } = await sandbox.run({ folder, command, timeoutMs: TIMEOUT_MS });
      return exitCode === 0 ? output.trim() : 'none';
    });
  return async (language: Language): Promise<string> => {
    const command = ASKED[language];
    const found = await findProgram(folders, command[0] ?? '');
    // An image of docker has programs of its own.
    if (found === undefined && sandbox.name !== 'docker') return 'none';
    const stamp = JSON.stringify([language, found]);
    const version = known.get(stamp) ?? ask(command);
    known.set(stamp, version);
    version.catch(() => known.delete(stamp));
    return `${found?.place ?? ''} ${await version}`;
  };
}

/** Undefined where it is in none of the folders. */
async function findProgram(
  folders: string[],
  name: string,
): Promise<{ place: string; to: string; mtimeMs: number } | undefined> {
  for (const folder of folders) {
    const place = join(folder, name);
    const to = await realpath(place).catch(() => undefined);
    if (to !== undefined) return { place, to, mtimeMs: (await stat(to)).mtimeMs };
  }
  return undefined;
}
