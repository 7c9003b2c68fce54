/**
 * A pool of threads in which foreign text is read, so that the thread of heartbeats and requests never stands still for it.
 *
 * A thread is started when it is first needed, and kept. One whose reading takes too long, or too much memory, is ended with it.
 */
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { Failure } from '../../domain/failures';
import type { Readers } from '../../ports/readers';
import { sizeOf } from '../../domain/size-of';

const THREAD = join(__dirname, `thread${extname(__filename)}`);

/** One reading that does not end must not hold those of other builds. */
const LEAST_THREADS = 2;
const MOST_THREADS = 4;

export interface ReadersOptions {
  threads?: number;
  /** Of one reading; waiting for a thread does not count. */
  timeoutMs?: number;
  /** Characters of all texts of one reading. */
  mostChars?: number;
  /** Of the heap of one thread. */
  heapMb?: number;
  /** A thread that reads nothing for so long ends. */
  idleMs?: number;
  /** The module that a thread runs: a test has its own. */
  thread?: string;
}

export function createReaders({
  threads = Math.min(MOST_THREADS, Math.max(LEAST_THREADS, availableParallelism() - 1)),
  timeoutMs = 300_000,
  mostChars = 256 * 1024 * 1024,
  heapMb = 2_048,
  idleMs = 600_000,
  thread = THREAD,
}: ReadersOptions = {}): Readers {
  const inTurn = pLimit(threads);
  let pool: Piscina | undefined;
  const started = (): Piscina =>
    (pool ??= new Piscina({
      ...{ filename: thread, name: 'read', minThreads: 0, maxThreads: threads, idleTimeout: idleMs },
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
      // A thread compiles sources itself, where they are not compiled.
      execArgv: extname(thread) === '.ts' ? ['--require', require.resolve('tsx/cjs')] : [],
      // What is read is hostile, and keys stand in the environment.
      env: {},
    }));
  return {
    async read(name, input, { signal } = {}) {
      const chars = sizeOf(input);
      if (chars > mostChars) throw new Failure('Reading.TooLarge', tooLarge(name, chars, mostChars));
      signal?.throwIfAborted();
      return inTurn(async () => {
        const limit = new AbortController();
        const timer = setTimeout(() => limit.abort(), timeoutMs);
        try {
          signal?.throwIfAborted();
          return await started().run(
            { name, input },
            { signal: AbortSignal.any([limit.signal, ...(signal ? [signal] : [])]) },
          );
        } catch (error) {
          if (signal?.aborted) throw signal.reason;
          if (limit.signal.aborted)
            throw new Failure('Reading.Unfinished', unfinished(name, `within ${timeoutMs / 1_000} s`));
          if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
            throw new Failure('Reading.Unfinished', unfinished(name, `with ${heapMb} MB of memory`));
          throw error;
        } finally {
          clearTimeout(timer);
        }
      });
    },
    async close() {
      await pool?.destroy();
    },
  };
}

function unfinished(name: string, bound: string): string {
  return `reading the change (${name}) did not end ${bound}: what it says is not known. Make the changed files smaller or simpler, or give the worker a machine that is less busy; then request-retry`;
}

function tooLarge(name: string, chars: number, most: number): string {
  return `the texts to be read (${name}) have ${chars} characters, more than the ${most} that are read at once: split the change, or leave large files out of it; then request-retry`;
}
