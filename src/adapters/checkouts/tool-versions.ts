/**
 * Reads version and path of the interpreter or compiler that a setup step uses. They are part of the cache key, because packages that
 * were installed for one version may not work with another.
 */
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../inspect/packages/install';
import type { CheckoutsOptions } from './options';

/** Commands that only print a version. */
const VERSION_COMMANDS: Readonly<Record<Language, string[]>> = {
  javascript: ['node', '--version'],
  python: ['python3', '--version'],
  go: ['go', 'version'],
  rust: ['rustc', '--version'],
  java: ['java', '-version'],
};
export const LANGUAGES = Object.keys(VERSION_COMMANDS) as Language[];
const VERSION_TIMEOUT_MS = 20_000;

/** Returns a function that runs the version command in the sandbox. The answer is cached until the program on the worker's PATH changes. */
export function createToolVersions({ sandbox, setup }: Pick<CheckoutsOptions, 'sandbox' | 'setup'>) {
  const versions = new Map<string, Promise<string>>();
  const folders = (setup.worker.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const readVersion = (command: string[]): Promise<string> =>
    sandbox.withScratch(async (folder) => {
      const { exitCode, output } = await sandbox.run({ folder, command, timeoutMs: VERSION_TIMEOUT_MS });
      return exitCode === 0 ? output.trim() : 'none';
    });
  return async (language: Language): Promise<string> => {
    const command = VERSION_COMMANDS[language];
    const found = await findProgram(folders, command[0] ?? '');
    // With docker the programs are in the image, not on the worker's PATH.
    if (found === undefined && sandbox.name !== 'docker') return 'none';
    const programState = JSON.stringify([language, found]);
    const version = versions.get(programState) ?? readVersion(command);
    versions.set(programState, version);
    version.catch(() => versions.delete(programState));
    return `${found?.place ?? ''} ${await version}`;
  };
}

/** Returns undefined if no folder has the program. `to`: its real path. */
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
