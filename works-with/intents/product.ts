/**
 * Starts the product by `npm start`, at the present commit or at an older one, in a process of its own.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ask } from '../../test/api/served';
import type { Answer } from '../../test/api/served';
import { workerEnv } from '../stage';

const ROOT = join(__dirname, '../..');
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 60_000;

export interface Product {
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Writes the files of a commit to a folder and links the packages of this checkout into it. Gives the folder. */
export function checkOutCommit(commit: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['-C', ROOT, 'archive', commit], { maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

export interface StartOptions {
  /** The checkout of the product; its package.json names the start command. */
  folder: string;
  dataDir: string;
  env: Record<string, string>;
}

export async function startProduct({ folder, dataDir, env }: StartOptions): Promise<Product> {
  const script = JSON.parse(
    execFileSync('node', ['-p', 'JSON.stringify(require("./package.json").scripts.start)'], {
      cwd: folder,
      encoding: 'utf8',
    }),
  ) as string;
  const [program = 'node', ...args] = script.replace(/^exec /, '').split(' ');
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...workerEnv(), DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const url = await waitForUrl(child);
    return { ...requestsTo(url), stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function waitForUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null || child.stderr === null) throw new Error('the product has no output');
  const output: string[] = [];
  child.stderr.on('data', (part: Buffer) => output.push(part.toString('utf8')));
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      output.push(`${line}\n`);
      const url = /^ready (http\S+)/.exec(line)?.[1];
      if (url === undefined) continue;
      child.stdout.resume();
      return url.replace(/\/$/, '');
    }
  } finally {
    clearTimeout(limit);
  }
  throw new Error(`the product did not start: ${output.join('').slice(-2_000)}`);
}

function requestsTo(url: string): Pick<Product, 'get' | 'post'> {
  const headers = { 'content-type': 'application/json' };
  return {
    get: (path) => ask(url + path, {}),
    post: (path, body) => ask(url + path, { method: 'POST', headers, body: JSON.stringify(body) }),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exit;
  clearTimeout(limit);
}
