/**
 * Waits until no process of a sandbox runs any more, and kills processes that outlive a killed bubblewrap.
 *
 * bubblewrap's child asks the kernel to end it together with bubblewrap. On a busy machine, bubblewrap may be killed before the
 * child asks: then the child continues. bubblewrap reports the child's process-id namespace before the child starts, so its
 * processes can be found.
 */
import { readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { markOf } from '../machine/process-mark';
import { processesOf } from '../machine/usage';
import { numberIn } from './status';
import { unavailable } from './unavailable';

/** Long, as a busy machine needs time to end a process. */
const TIMEOUT_MS = 10_000;
const POLL_MS = 10;

/** `status` is bubblewrap's report. Throws Failure `Sandbox.Unavailable` if a process cannot be ended. */
export async function endRemaining(status: string): Promise<void> {
  const namespace = numberIn(status, 'pid-namespace');
  if (namespace === undefined || namespace === ownNamespace() || hasEnded(status)) return;
  const listPids = processesOf(namespace);
  // A process that has ended (a zombie) stays in the list until its parent reads its exit code: `markOf` leaves it out.
  const listLiving = () => listPids().filter((pid) => markOf(Number(pid)) !== undefined);
  const deadline = performance.now() + TIMEOUT_MS;
  for (let remainingPids = listLiving(); remainingPids.length > 0; remainingPids = listLiving()) {
    if (performance.now() > deadline) throw unavailable(`${remainingPids.length} of its processes cannot be ended`);
    for (const pid of remainingPids) kill(Number(pid));
    await delay(POLL_MS);
  }
}

/** Returns the worker's own namespace. A report that names it is ignored: it would end every process of the machine. */
function ownNamespace(): number {
  const [, id] = /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
  if (id === undefined) throw unavailable('the process-id namespace of this worker cannot be read');
  return Number(id);
}

/**
 * True if the command and all of its processes have ended. bubblewrap itself ends as soon as it knows the exit code; the first
 * process of the namespace ends after all others.
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
