/**
 * Runs commands without a sandbox: for development on machines without bubblewrap, by an explicit setting only.
 *
 * Commands run as the worker's user and see its files and network. They still get a scratch folder, a time limit, the end of
 * all their processes, and an environment without the worker's variables.
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
      // Folders cannot be mounted at other paths here: these paths are replaced in words and variables by the real ones.
      const withRealPaths = (text: string): string =>
        absoluteMounts.reduce(
          (found, { from, to }) => found.replaceAll(new RegExp(`(?<![\\w/])${to}(?![\\w.-])`, 'g'), from),
          text,
        );
      const env = Object.fromEntries(
        Object.entries(more.env ?? {}).map(([name, value]) => [name, withRealPaths(value)]),
      );
      // Files for absolute paths are written into a scratch folder, and the command's words are changed to name it.
      return withScratch(scratchRoot, undefined, async (scratch) => {
        const movedPaths = await placeFiles(files, folder, scratch);
        const words = command.map((word) =>
          movedPaths.reduce((text, [from, to]) => text.replaceAll(from, to), withRealPaths(word)),
        );
        const report = stdin === undefined ? [] : ['REPORT_FD=4'];
        const {
          exitCode,
          timedOut,
          output,
          report: reportText,
          durationMs,
        } = await runGroup({
          argv: ['/usr/bin/env', ...report, ...words],
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
