/**
 * Starts other programs without blocking the JavaScript thread: a small host process forks for the worker.
 *
 * A fork copies the page tables of the process, and blocks it meanwhile: some 4 ms for a small process, 70 ms for a worker of 600 MB
 * (measured on two cores). A build starts about fifty programs.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { stdioWithoutInherited } from './descriptors';

export interface ProgramSpec {
  file: string;
  args: string[];
  cwd?: string | undefined;
  env: Record<string, string>;
  uid?: number | undefined;
  gid?: number | undefined;
  /** The program's input by descriptor. Each descriptor is closed after its input. Default: descriptor 0 is empty. */
  inputs?: Record<number, string | Uint8Array>;
  /** Receives the program's output, by descriptor. */
  outputs: Record<number, (chunk: Buffer) => void>;
  /** True: the program runs on if the worker is killed. Otherwise it is killed, too. */
  outlivesWorker?: boolean;
  /** Called when the program has ended. Other processes of its group may still hold its descriptors. */
  onExit?: () => void;
}

export interface RunningProgram {
  /** Ends the whole process group by SIGKILL. It may be called at any time. */
  kill(): void;
  /** Closes this side of the descriptors, so that `closed` no longer waits for processes that hold the other side. */
  closeDescriptors(): void;
  /** Resolves with the exit code, null after a signal, once all descriptors are closed. Rejects if the start failed. */
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

/** After this time without a program the host process is ended, so that an idle worker has no child process. */
const IDLE_MS = 5_000;

let host: Host | undefined;
let startedCount = 0;

/** Starts the program as the leader of a process group of its own. */
export function startProgram(order: ProgramSpec): RunningProgram {
  host = host?.isUsable() ? host : openHost();
  return host.start(order);
}

type Host = ReturnType<typeof openHost>;

function openHost() {
  const child = spawn(process.execPath, [join(__dirname, 'host.cjs')], {
    ...{ cwd: '/', env: {}, detached: true, serialization: 'advanced' },
    stdio: stdioWithoutInherited(['ignore', 'ignore', 'ignore', 'ipc']),
  });
  const receivers = new Map<number, (message: Message) => void>();
  let idleTimer: NodeJS.Timeout | undefined;
  const settle = (id: number) => {
    receivers.delete(id);
    if (receivers.size > 0) return;
    keepAlive(child, false);
    idleTimer = setTimeout(() => child.connected && child.disconnect(), IDLE_MS).unref();
  };
  const fail = (why: string) => {
    for (const [id, receive] of receivers) receive({ id, failed: why });
    receivers.clear();
  };
  child.on('message', (message) => receivers.get((message as Message).id)?.(message as Message));
  child.on('error', (error) => fail(error.message));
  child.on('disconnect', () => fail('the process that starts others has ended'));
  keepAlive(child, false);
  return {
    isUsable: () => child.connected,
    start(order: ProgramSpec): RunningProgram {
      const id = (startedCount += 1);
      clearTimeout(idleTimer);
      keepAlive(child, true);
      return follow(order, id, {
        onMessage: (receive) => receivers.set(id, receive),
        end: () => settle(id),
        send: (message) => child.connected && child.send(message),
      });
    },
  };
}

/** The connection of one program to the host process. */
interface Channel {
  onMessage(receive: (message: Message) => void): void;
  end(): void;
  send(message: object): void;
}

function follow(order: ProgramSpec, id: number, channel: Channel): RunningProgram {
  let pid: number | undefined;
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    if (pid !== undefined) killGroup(pid);
  };
  const closed = new Promise<number | null>((resolve, reject) => {
    channel.onMessage((message) => {
      if (message.failed !== undefined) {
        // If the host process has ended, the program may still run, and no other process would end it.
        kill();
        channel.end();
        reject(new Error(message.failed));
      } else if (message.pid !== undefined) {
        pid = message.pid;
        if (isKilled) kill();
      } else if (message.chunk !== undefined) order.outputs[message.fd ?? 1]?.(asBuffer(message.chunk));
      else if (message.exited) order.onExit?.();
      else if (message.closed) {
        channel.end();
        resolve(message.code ?? null);
      }
    });
  });
  const { file, args, inputs = {}, outlivesWorker = false } = order;
  channel.send({ id, file, args, options: optionsOf(order), inputs, outlives: outlivesWorker });
  return { kill, closeDescriptors: () => channel.send({ id, letGo: true }), closed };
}

function optionsOf({ cwd, env, uid, gid, inputs = {}, outputs }: ProgramSpec) {
  const last = Math.max(2, ...[...Object.keys(inputs), ...Object.keys(outputs)].map(Number));
  const stdio = Array.from({ length: last + 1 }, (_, fd) => (fd in inputs || fd in outputs ? 'pipe' : 'ignore'));
  return { cwd, env, stdio, detached: true, ...(uid === undefined ? {} : { uid, gid: gid ?? uid }) };
}

/** Decides whether the host process keeps this process from ending. */
function keepAlive(child: ChildProcess, isNeeded: boolean): void {
  const change = isNeeded ? 'ref' : 'unref';
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
    // The whole group has ended already.
  }
}
