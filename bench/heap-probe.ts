/**
 * Preloaded into every thread of the memory bench's worker: each thread reports its heap when the main thread asks.
 *
 * Workflows run in a thread of their own, whose heap other threads cannot read.
 */
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

export const PROBE_CHANNEL = 'heap-probe';

export interface ThreadHeap {
  threadId: number;
  heapUsed: number;
}

export function heapUsedNow(): number {
  // Collects twice: the first collection runs finalizers, and only the second one frees their objects.
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

if (!isMainThread) {
  const channel = new BroadcastChannel(PROBE_CHANNEL);
  channel.onmessage = (event) => {
    if ((event as { data: unknown }).data !== 'tell') return;
    channel.postMessage({ threadId, heapUsed: heapUsedNow() } satisfies ThreadHeap);
  };
  // The probe must not keep a thread alive.
  channel.unref();
}
