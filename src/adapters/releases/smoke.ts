/**
 * The smoke test of a release: its folder is served and asked for a page, or a command is run on a copy of it.
 *
 * A failing smoke test is an answer, never an exception; only cancellation throws.
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
  Pick<HealthOrder, 'folder' | 'timeoutMs' | 'beyond' | 'signal'> & { sandbox: Sandbox };

const TIMEOUT_MS = 60_000;
/** On nothing there is little to do; what waits there for something does not pass. */
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
 * True where the command also ends with 0 in an empty folder: it shows nothing of the release. Not asked of one that reaches a
 * network or production: it may ask the service, not the folder.
 */
export async function passesOnNothing({ command, sandbox, signal, beyond }: SmokeInput): Promise<boolean> {
  if (command === undefined || (beyond?.network ?? false) !== false || beyond?.production !== undefined) return false;
  try {
    return await sandbox.withScratch(async (scratch) => {
      const folder = join(scratch, 'release');
      await mkdir(folder);
      const result = await sandbox.run({ ...beyond, folder, command, timeoutMs: EMPTY_TIMEOUT_MS, signal });
      return result.exitCode === 0;
    });
  } catch {
    // What cannot run on nothing does not pass there, and a release that is good stays good.
    signal?.throwIfAborted();
    return false;
  }
}

async function checkHttp({ folder, http, signal, timeoutMs }: SmokeInput): Promise<Health | undefined> {
  if (http === undefined) return undefined;
  if (!http.path.startsWith('/')) return { ok: false, detail: 'the path of the smoke test must start with "/"' };
  const deadline = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS);
  return served(folder, async (origin) => {
    const response = await fetch(`${origin}${http.path}`, {
      redirect: 'manual',
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    const body = await readBody(response);
    const asked = `GET ${http.path} answered ${response.status}`;
    if (response.status !== http.status) return { ok: false, detail: `${asked}, not ${http.status}` };
    if (http.contains !== undefined && !body.includes(http.contains)) {
      return { ok: false, detail: `${asked}, without ${JSON.stringify(http.contains.slice(0, 200))} in it` };
    }
    return { ok: true, detail: asked };
  });
}

async function checkCommand({
  folder,
  command,
  sandbox,
  signal,
  timeoutMs,
  beyond,
}: SmokeInput): Promise<Health | undefined> {
  if (command === undefined) return undefined;
  return sandbox.withScratch(async (scratch) => {
    // A copy, because the command may write and the release must stay what was verified.
    const copy = join(scratch, 'release');
    await copyTree(folder, copy);
    const result = await sandbox.run({ ...beyond, folder: copy, command, timeoutMs: timeoutMs ?? TIMEOUT_MS, signal });
    const named = command.join(' ').slice(0, 200);
    if (result.exitCode === 0) return { ok: true, detail: `${named} ended with 0` };
    const how = result.timedOut ? 'ran out of time' : `ended with ${result.exitCode ?? 'a kill'}`;
    return { ok: false, detail: `${named} ${how}: ${result.output.trim().slice(-300)}` };
  });
}

async function served<T>(folder: string, use: (origin: string) => Promise<T>): Promise<T> {
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
