/**
 * One run of `git http-backend`: the body goes in as it comes, the answer goes out as it is made.
 *
 * A client that leaves ends the input. git then finds it cut off, removes what it had received, and moves no branch; a kill
 * would leave its locks behind, so it comes last.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { GitRequest } from '../../ports/git-server';

const HEAD_LIMIT_BYTES = 16 * 1024;
const GRACE_MS = 5_000;

interface Limits {
  env: Record<string, string>;
  maxBytes: number;
  timeoutMs: number;
}

export async function runBackend(request: GitRequest, { env, maxBytes, timeoutMs }: Limits): Promise<boolean> {
  const { service, step, body, signal, answer, onFault } = request;
  const child = spawn('git', ['http-backend'], { env, cwd: '/', stdio: 'pipe', detached: true });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-2_000)));
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      words = error.message;
      resolve();
    });
  });
  // A push that was received whole is finished for its own sake; what a reader no longer takes is not made.
  const leave = (): void => {
    child.stdin.destroy();
    if (service === 'git-receive-pack') child.stdout.resume();
    else child.stdout.destroy();
  };
  const ending = createEnding(child);
  const timer = setTimeout(() => {
    leave();
    ending.begin();
  }, timeoutMs);
  const onAbort = (): void => {
    leave();
    ending.begin();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    if (step === 'refs') child.stdin.end();
    else passOn(body, child.stdin, maxBytes);
    const head = await Promise.race([readHead(child.stdout), closed.then(() => undefined)]);
    if (head !== undefined && !signal.aborted) {
      const out = answer(head);
      child.stdout.pipe(out);
    }
    await closed;
    if (head === undefined && !signal.aborted) onFault(words.trim());
    return head !== undefined || signal.aborted;
  } finally {
    clearTimeout(timer);
    ending.stop();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Past the limit the input ends, which git takes for a cut connection. The rest is read and dropped, so that the client reads the answer. */
function passOn(body: Readable, stdin: ChildProcessWithoutNullStreams['stdin'], maxBytes: number): void {
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

/** The head of a CGI answer; what follows stays in the stream. Undefined where none came. */
function readHead(stdout: Readable): Promise<Head | undefined> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\r\n\r\n');
      if (end === -1 && seen.length < HEAD_LIMIT_BYTES) return;
      stdout.off('data', take);
      stdout.pause();
      if (end === -1) return resolve(undefined);
      if (seen.length > end + 4) stdout.unshift(seen.subarray(end + 4));
      resolve(parseHead(seen.subarray(0, end).toString('latin1')));
    };
    stdout.on('data', take);
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

/** Time to end by itself, then to clean up after a SIGTERM, then none. */
function createEnding({ pid }: ChildProcessWithoutNullStreams) {
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
        setTimeout(() => send('SIGTERM'), GRACE_MS),
        setTimeout(() => send('SIGKILL'), 2 * GRACE_MS),
      );
    },
    stop: () => timers.forEach(clearTimeout),
  };
}
