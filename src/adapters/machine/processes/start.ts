/**
 * Starts other programs without holding up the one JavaScript thread: a small host process forks for us.
 *
 * A fork copies the page tables of the process that forks, and nothing else runs meanwhile: some 4 ms for a small process,
 * 70 ms for a worker of 600 MB (measured on two cores), fifty times a build.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { covered } from './descriptors';

export interface Order {
  file: string;
  args: string[];
  cwd?: string | undefined;
  env: Record<string, string>;
  uid?: number | undefined;
  gid?: number | undefined;
  /** What the program reads, by descriptor; each is closed behind it. Descriptor 0 is empty if not given. */
  inputs?: Record<number, string | Uint8Array>;
  /** What it writes, by descriptor. */
  outputs: Record<number, (chunk: Buffer) => void>;
  /** True: left to finish by itself where our process is killed. Otherwise it dies with us. */
  outlives?: boolean;
  /** Its leader has ended; others of its group may still hold its descriptors. */
  onExit?: () => void;
}

export interface Running {
  /** Ends the whole group by SIGKILL; safe at any moment. */
  kill(): void;
  /** Closes this side of its descriptors, and no longer waits for the process that holds the other side. */
  letGo(): void;
  /** The exit code, null after a signal, once all its descriptors are closed. Rejects where it could not be started. */
  closed: Promise<number | null>;
}

interface Message {
  id: number;
  pid?: number;
  fd?: number;
  chunk?: Uint8Array;
  failed?: string;
  exited?: boolean;
  closed?: boolean;
  code?: number | null;
}

/** After this long without work the host is let go, so that a worker that starts nothing has no child. */
const IDLE_MS = 5_000;

let host: Host | undefined;
let orders = 0;

/** Each program leads a process group of its own. */
export function startProgram(order: Order): Running {
  host = host?.isUsable() ? host : openHost();
  return host.start(order);
}

type Host = ReturnType<typeof openHost>;

function openHost() {
  const child = spawn(process.execPath, [join(__dirname, 'host.cjs')], {
    ...{ cwd: '/', env: {}, detached: true, serialization: 'advanced' },
    stdio: covered(['ignore', 'ignore', 'ignore', 'ipc']),
  });
  const open = new Map<number, (message: Message) => void>();
  let idle: NodeJS.Timeout | undefined;
  const settle = (id: number) => {
    open.delete(id);
    if (open.size > 0) return;
    hold(child, false);
    idle = setTimeout(() => child.connected && child.disconnect(), IDLE_MS).unref();
  };
  const fail = (why: string) => {
    for (const [id, hear] of open) hear({ id, failed: why });
    open.clear();
  };
  child.on('message', (message) => open.get((message as Message).id)?.(message as Message));
  child.on('error', (error) => fail(error.message));
  child.on('disconnect', () => fail('the process that starts others has ended'));
  hold(child, false);
  return {
    isUsable: () => child.connected,
    start(order: Order): Running {
      const id = (orders += 1);
      clearTimeout(idle);
      hold(child, true);
      return follow(order, id, {
        hear: (hear) => open.set(id, hear),
        end: () => settle(id),
        send: (message) => child.connected && child.send(message),
      });
    },
  };
}

interface Line {
  hear(hear: (message: Message) => void): void;
  end(): void;
  send(message: object): void;
}

function follow(order: Order, id: number, line: Line): Running {
  let pid: number | undefined;
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    if (pid !== undefined) killGroup(pid);
  };
  const closed = new Promise<number | null>((resolve, reject) => {
    line.hear((message) => {
      if (message.failed !== undefined) {
        // Where the host is gone, nobody else ends what it started.
        kill();
        line.end();
        reject(new Error(message.failed));
      } else if (message.pid !== undefined) {
        pid = message.pid;
        if (isKilled) kill();
      } else if (message.chunk !== undefined) order.outputs[message.fd ?? 1]?.(asBuffer(message.chunk));
      else if (message.exited) order.onExit?.();
      else if (message.closed) {
        line.end();
        resolve(message.code ?? null);
      }
    });
  });
  const { file, args, inputs = {}, outlives = false } = order;
  line.send({ id, file, args, options: optionsOf(order), inputs, outlives });
  return { kill, letGo: () => line.send({ id, letGo: true }), closed };
}

function optionsOf({ cwd, env, uid, gid, inputs = {}, outputs }: Order) {
  const last = Math.max(2, ...[...Object.keys(inputs), ...Object.keys(outputs)].map(Number));
  const stdio = Array.from({ length: last + 1 }, (_, fd) => (fd in inputs || fd in outputs ? 'pipe' : 'ignore'));
  return { cwd, env, stdio, detached: true, ...(uid === undefined ? {} : { uid, gid: gid ?? uid }) };
}

/** Whether our process stays for the host's sake. */
function hold(child: ChildProcess, isHeld: boolean): void {
  const change = isHeld ? 'ref' : 'unref';
  child[change]();
  child.channel?.[change]();
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}
