/**
 * Waits until nothing of a sandbox runs any more, and ends what a killed bubblewrap has left running.
 *
 * Its child asks the kernel to die with it. On a busy machine it may be killed before the child has had its turn to ask: the child then
 * runs on. By then bubblewrap has reported the child's process-id namespace, since it does so before it lets the child begin.
 */
import { readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { markOf } from '../machine/process-mark';
import { processesOf } from '../machine/usage';
import { numberIn } from './status';
import { unavailable } from './unavailable';

/** A busy machine takes its time to end a process. */
const WITHIN_MS = 10_000;
const EVERY_MS = 10;

/** `status`: what bubblewrap has reported. Throws Failure `Sandbox.Unavailable` where a process cannot be ended. */
export async function endLeft(status: string): Promise<void> {
  const namespace = numberIn(status, 'pid-namespace');
  if (namespace === undefined || namespace === ownNamespace() || hasEnded(status)) return;
  const all = processesOf(namespace);
  // What has ended stays in the list until its parent, which may be the machine's first process, has asked for its exit code.
  const list = () => all().filter((pid) => markOf(Number(pid)) !== undefined);
  const deadline = performance.now() + WITHIN_MS;
  for (let left = list(); left.length > 0; left = list()) {
    if (performance.now() > deadline) throw unavailable(`${left.length} of its processes cannot be ended`);
    for (const pid of left) kill(Number(pid));
    await delay(EVERY_MS);
  }
}

/** What is reported is believed of other namespaces only: of this one, everything on the machine would be ended. */
function ownNamespace(): number {
  const [, own] = /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
  if (own === undefined) throw unavailable('the process-id namespace of this worker cannot be read');
  return Number(own);
}

/**
 * bubblewrap ends as soon as it knows the command's exit code; the first process of the namespace ends after all others, which count
 * against the limit of processes until then.
 */
function hasEnded(status: string): boolean {
  const first = numberIn(status, 'child-pid');
  return status.includes('"exit-code"') && (first === undefined || markOf(first) === undefined);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
