/**
 * Runs the smoke test of a release: it serves the release's folder and requests a page, or runs a command on a copy of it.
 *
 * A failing smoke test is an answer, not an exception; only a cancellation throws.
 */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import type { Health, HealthOrder } from '../../ports/health';
import type { Sandbox } from '../../ports/sandbox';
import { copyTree } from '../machine/copy-tree';

type SmokeInput = HealthOrder['smoke'] &
  Pick<HealthOrder, 'folder' | 'timeoutMs' | 'sandboxOptions' | 'signal'> & { sandbox: Sandbox };

const TIMEOUT_MS = 60_000;
/** Short, as there is little to do in an empty folder; a command that waits there for something fails. */
const EMPTY_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 5 * 1024 * 1024;

export async function smokeTest(input: SmokeInput): Promise<Health> {
  const results: Health[] = [];
  for (const check of [checkHttp, checkCommand]) {
    try {
      const result = await check(input);
      if (result !== undefined) results.push(result);
    } catch (error) {
      input.signal?.throwIfAborted();
      results.push({ ok: false, detail: error instanceof Error ? error.message.slice(0, 500) : 'it could not be run' });
    }
  }
  if (results.length === 0) return { ok: true, detail: 'no smoke test is set, so none was run' };
  return { ok: results.every(({ ok }) => ok), detail: results.map(({ detail }) => detail).join('; ') };
}

/**
 * True if the command ends with 0 in an empty folder, too: then it does not test the release. A command that reaches a network or
 * production is not checked, as it may test the running service and not the folder.
 */
export async function passesOnEmptyFolder({ command, sandbox, signal, sandboxOptions }: SmokeInput): Promise<boolean> {
  if (command === undefined || (sandboxOptions?.network ?? false) !== false || sandboxOptions?.production !== undefined)
    return false;
  try {
    return await sandbox.withScratch(async (scratch) => {
      const folder = join(scratch, 'release');
      await mkdir(folder);
      const result = await sandbox.run({ ...sandboxOptions, folder, command, timeoutMs: EMPTY_TIMEOUT_MS, signal });
      return result.exitCode === 0;
    });
  } catch {
    // The command did not run in the empty folder, so it does not pass there. The release stays good.
    signal?.throwIfAborted();
    return false;
  }
}

async function checkHttp({ folder, http, signal, timeoutMs }: SmokeInput): Promise<Health | undefined> {
  if (http === undefined) return undefined;
  if (!http.path.startsWith('/')) return { ok: false, detail: 'the path of the smoke test must start with "/"' };
  const deadline = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS);
  return withServer(folder, async (origin) => {
    const response = await fetch(`${origin}${http.path}`, {
      redirect: 'manual',
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    const body = await readBody(response);
    const answered = `GET ${http.path} answered ${response.status}`;
    if (response.status !== http.status) return { ok: false, detail: `${answered}, not ${http.status}` };
    if (http.contains !== undefined && !body.includes(http.contains)) {
      return { ok: false, detail: `${answered}, without ${JSON.stringify(http.contains.slice(0, 200))} in it` };
    }
    return { ok: true, detail: answered };
  });
}

async function checkCommand({
  folder,
  command,
  sandbox,
  signal,
  timeoutMs,
  sandboxOptions,
}: SmokeInput): Promise<Health | undefined> {
  if (command === undefined) return undefined;
  return sandbox.withScratch(async (scratch) => {
    // It runs on a copy: the command may write files, and the release must stay as it was verified.
    const copy = join(scratch, 'release');
    await copyTree(folder, copy);
    const result = await sandbox.run({
      ...sandboxOptions,
      folder: copy,
      command,
      timeoutMs: timeoutMs ?? TIMEOUT_MS,
      signal,
    });
    const commandText = command.join(' ').slice(0, 200);
    if (result.exitCode === 0) return { ok: true, detail: `${commandText} ended with 0` };
    const ending = result.timedOut ? 'ran out of time' : `ended with ${result.exitCode ?? 'a kill'}`;
    return { ok: false, detail: `${commandText} ${ending}: ${result.output.trim().slice(-300)}` };
  });
}

async function withServer<T>(folder: string, use: (origin: string) => Promise<T>): Promise<T> {
  const app = express()
    .disable('x-powered-by')
    .use(express.static(folder, { dotfiles: 'ignore', redirect: false }));
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
