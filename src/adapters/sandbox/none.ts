/**
 * No sandbox: for development on machines without bubblewrap, by an explicit setting only.
 *
 * Commands run as this process's user and see its files and network. What stays: a scratch folder, a time limit, the end of
 * the whole group, and an environment without our variables.
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
    // Nothing is promised, so there is nothing to test.
    selfTest: async () => undefined,
    withScratch: (use) => withScratch(scratchRoot, undefined, use),
    async run({ folder, command, timeoutMs, signal, production, readOnly = [], files = [], stdin, ...more }) {
      const given = production === undefined ? {} : { Q_PRODUCTION: production };
      const aside = [...readOnly, ...(more.writable ?? [])].filter(({ to }) => isAbsolute(to));
      for (const { from, to } of [...readOnly, ...(more.writable ?? [])])
        if (!isAbsolute(to)) await cp(from, join(folder, to), COPY);
      // What is to be seen elsewhere is seen where it is, and named so.
      const inPlace = (text: string): string =>
        aside.reduce(
          (found, { from, to }) => found.replaceAll(new RegExp(`(?<![\\w/])${to}(?![\\w.-])`, 'g'), from),
          text,
        );
      const env = Object.fromEntries(Object.entries(more.env ?? {}).map(([name, value]) => [name, inPlace(value)]));
      // Nothing can be laid over: what belongs elsewhere lies in a scratch folder, and the command is told so.
      return withScratch(scratchRoot, undefined, async (scratch) => {
        const placed = await place(files, folder, scratch);
        const words = command.map((word) =>
          placed.reduce((text, [from, to]) => text.replaceAll(from, to), inPlace(word)),
        );
        const report = stdin === undefined ? [] : ['REPORT_FD=4'];
        const {
          exitCode,
          timedOut,
          output,
          report: said,
          durationMs,
        } = await runGroup({
          argv: ['/usr/bin/env', ...report, ...words],
          stdin,
          cwd: join(folder, more.cwd ?? ''),
          onOutput: more.onOutput,
          env: { PATH: path, HOME: scratchRoot, TMPDIR: scratchRoot, LANG: 'C.UTF-8', CI: 'true', ...env, ...given },
          timeoutMs,
          signal,
          outputBytes: DEFAULT_LIMITS.outputBytes,
        });
        return { exitCode, timedOut, output, ...(said === undefined ? {} : { report: said }), durationMs };
      });
    },
  };
}

/** Nothing can be laid over a folder here, so the command gets a copy, which it could change. */
const COPY = { recursive: true, force: true };

async function place(
  files: Array<{ path: string; text: string }>,
  folder: string,
  aside: string,
): Promise<Array<[string, string]>> {
  const places = files.map(({ path, text }) => {
    const inside = path.startsWith('/workspace/');
    return { path, text, inside, to: inside ? join(folder, path.slice('/workspace/'.length)) : join(aside, path) };
  });
  for (const { to, text } of places) {
    await mkdir(dirname(to), { recursive: true });
    await rm(to, { force: true });
    await writeFile(to, text);
  }
  return places.filter(({ inside }) => !inside).map(({ path, to }) => [path, to]);
}
