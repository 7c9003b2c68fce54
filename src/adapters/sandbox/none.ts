/**
 * Runs commands without a sandbox: for development on machines without bubblewrap, by an explicit setting only.
 *
 * Commands run as the worker's user and see its files and network. They still get a scratch folder and a time
 * limit; all their processes are ended after the run, and their environment has none of the worker's variables.
 */
import { tmpdir } from 'node:os';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Sandbox } from '../../ports/sandbox';
import { DEFAULT_LIMITS } from './limits';
import { runGroup } from './run-group';
import { withScratch } from './scratch';

export function createNoSandbox(): Sandbox {
  const scratchRoot = tmpdir();
  const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;
  return {
    name: 'none',
    path: () => Promise.resolve(path),
    // There is no isolation to test.
    selfTest: async () => undefined,
    withScratch: (use) => withScratch(scratchRoot, undefined, use),
    async run({ folder, command, timeoutMs, signal, production, readOnly = [], files = [], stdin, ...more }) {
      const productionVariables = production === undefined ? {} : { Q_PRODUCTION: production };
      const absoluteMounts = [...readOnly, ...(more.writable ?? [])].filter(({ to }) => isAbsolute(to));
      for (const { from, to } of [...readOnly, ...(more.writable ?? [])])
        if (!isAbsolute(to)) await cp(from, join(folder, to), COPY_OPTIONS);
      // A mount at an absolute path is impossible here, so that path is replaced by the host path in the command's arguments and
      // environment.
      const withHostPaths = (text: string): string =>
        absoluteMounts.reduce(
          (found, { from, to }) => found.replaceAll(new RegExp(`(?<![\\w/])${to}(?![\\w.-])`, 'g'), from),
          text,
        );
      const env = Object.fromEntries(
        Object.entries(more.env ?? {}).map(([name, value]) => [name, withHostPaths(value)]),
      );
      // Files for absolute paths are written into a scratch folder, and the command's arguments are changed to name that folder.
      return withScratch(scratchRoot, undefined, async (scratch) => {
        const movedPaths = await placeFiles(files, folder, scratch);
        const words = command.map((word) =>
          movedPaths.reduce((text, [from, to]) => text.replaceAll(from, to), withHostPaths(word)),
        );
        // `runGroup` opens descriptor 4 for the report only if it writes to stdin, so only then is the variable set.
        const reportVariable = stdin === undefined ? [] : ['REPORT_FD=4'];
        const {
          exitCode,
          timedOut,
          output,
          report: reportText,
          durationMs,
        } = await runGroup({
          argv: ['/usr/bin/env', ...reportVariable, ...words],
          stdin,
          cwd: join(folder, more.cwd ?? ''),
          onOutput: more.onOutput,
          env: {
            PATH: path,
            HOME: scratchRoot,
            TMPDIR: scratchRoot,
            LANG: 'C.UTF-8',
            CI: 'true',
            ...env,
            ...productionVariables,
          },
          timeoutMs,
          signal,
          outputBytes: DEFAULT_LIMITS.outputBytes,
        });
        return { exitCode, timedOut, output, ...(reportText === undefined ? {} : { report: reportText }), durationMs };
      });
    },
  };
}

/** Folders cannot be mounted here, so the command gets copies, which it may change. */
const COPY_OPTIONS = { recursive: true, force: true };

async function placeFiles(
  files: Array<{ path: string; text: string }>,
  folder: string,
  scratch: string,
): Promise<Array<[string, string]>> {
  const places = files.map(({ path, text }) => {
    const isInWorkspace = path.startsWith('/workspace/');
    return {
      path,
      text,
      isInWorkspace,
      to: isInWorkspace ? join(folder, path.slice('/workspace/'.length)) : join(scratch, path),
    };
  });
  for (const { to, text } of places) {
    await mkdir(dirname(to), { recursive: true });
    await rm(to, { force: true });
    await writeFile(to, text);
  }
  return places.filter(({ isInWorkspace }) => !isInWorkspace).map(({ path, to }) => [path, to]);
}
