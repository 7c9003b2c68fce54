/**
 * Ends what a killed bubblewrap has left running.
 *
 * Its child asks the kernel to die with it. On a busy machine it may be killed before the child has had its turn to ask: the child then
 * runs on. By then bubblewrap has reported the child's process-id namespace, since it does so before it lets the child begin.
 */
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
  // With an exit code, the first process of the namespace has ended, and all others with it.
  if (namespace === undefined || status.includes('"exit-code"')) return;
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

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
