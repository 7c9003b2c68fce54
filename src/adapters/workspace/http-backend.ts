/**
 * Runs `git http-backend` once, and streams the request's body into it and its answer out of it.
 *
 * When the client disconnects, git's input ends: git removes what it had received and moves no branch. git is killed only
 * if it does not end then, as a killed git leaves its locks.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { GitRequest } from '../../ports/git-server';

const MAX_HEAD_BYTES = 16 * 1024;
const KILL_DELAY_MS = 5_000;

interface Limits {
  env: Record<string, string>;
  maxBytes: number;
  timeoutMs: number;
}

export async function runBackend(request: GitRequest, { env, maxBytes, timeoutMs }: Limits): Promise<boolean> {
  const { service, step, body, signal, answer, onFault } = request;
  const child = spawn('git', ['http-backend'], { env, cwd: '/', stdio: 'pipe', detached: true });
  let errorText = '';
  child.stderr.on('data', (chunk: Buffer) => (errorText = (errorText + chunk.toString('utf8')).slice(-2_000)));
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      errorText = error.message;
      resolve();
    });
  });
  // A push that arrived completely is carried out even if the client is gone; the answer to a fetch is not needed any more.
  const disconnect = (): void => {
    child.stdin.destroy();
    if (service === 'git-receive-pack') child.stdout.resume();
    else child.stdout.destroy();
  };
  const termination = createTermination(child);
  const timer = setTimeout(() => {
    disconnect();
    termination.begin();
  }, timeoutMs);
  const onAbort = (): void => {
    disconnect();
    termination.begin();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    if (step === 'refs') child.stdin.end();
    else pipeBody(body, child.stdin, maxBytes);
    const head = await Promise.race([readHead(child.stdout), closed.then(() => undefined)]);
    if (head !== undefined && !signal.aborted) {
      const out = answer(head);
      child.stdout.pipe(out);
    }
    await closed;
    if (head === undefined && !signal.aborted) onFault(errorText.trim());
    return head !== undefined || signal.aborted;
  } finally {
    clearTimeout(timer);
    termination.stop();
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Streams the body into git. At the limit the input ends, which git takes for a lost connection; the rest of the body is read
 * and dropped, so that the client reads the answer.
 */
function pipeBody(body: Readable, stdin: ChildProcessWithoutNullStreams['stdin'], maxBytes: number): void {
  let bytes = 0;
  stdin.on('error', () => undefined);
  stdin.on('drain', () => body.resume());
  stdin.on('close', () => body.resume());
  body.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) stdin.destroy();
    else if (stdin.writable && !stdin.write(chunk)) body.pause();
  });
  body.on('end', () => stdin.end());
  body.on('error', () => stdin.destroy());
  body.on('close', () => {
    if (!body.readableEnded) stdin.destroy();
  });
}

type Head = Parameters<GitRequest['answer']>[0];

/** Reads the head of a CGI answer; the body stays in the stream. Undefined if no head comes. */
function readHead(stdout: Readable): Promise<Head | undefined> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const readChunk = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end === -1 && received.length < MAX_HEAD_BYTES) return;
      stdout.off('data', readChunk);
      stdout.pause();
      if (end === -1) return resolve(undefined);
      if (received.length > end + 4) stdout.unshift(received.subarray(end + 4));
      resolve(parseHead(received.subarray(0, end).toString('latin1')));
    };
    stdout.on('data', readChunk);
    stdout.once('close', () => resolve(undefined));
  });
}

function parseHead(text: string): Head {
  const lines = text.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const status = Number.parseInt(lines.find(([name]) => name === 'Status')?.[1] ?? '200', 10);
  return { status, headers: lines.filter(([name]) => name !== 'Status') };
}

/** Ends the child in steps: first it may end by itself, then it gets SIGTERM and may clean up, then SIGKILL. */
function createTermination({ pid }: ChildProcessWithoutNullStreams) {
  const timers: NodeJS.Timeout[] = [];
  const send = (signal: NodeJS.Signals): void => {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // All of the group has ended already.
    }
  };
  return {
    begin(): void {
      if (timers.length > 0) return;
      timers.push(
        setTimeout(() => send('SIGTERM'), KILL_DELAY_MS),
        setTimeout(() => send('SIGKILL'), 2 * KILL_DELAY_MS),
      );
    },
    stop: () => timers.forEach(clearTimeout),
  };
}
