/**
 * Reads foreign text in a pool of threads, so that it does not block the main thread with its heartbeats and requests.
 *
 * A thread starts when it is first needed and stays. If reading a text takes too long or too much memory, its thread is ended.
 */
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { Failure } from '../../domain/failures';
import type { Readers } from '../../ports/readers';
import { sizeOf } from '../../domain/size-of';

const THREAD_FILE = join(__dirname, `thread${extname(__filename)}`);

/** At least two, so that one text that takes long does not block other builds. */
const MIN_THREADS = 2;
const MAX_THREADS = 4;

export interface ReadersOptions {
  threads?: number;
  /** The time limit for one text; waiting for a thread does not count. */
  timeoutMs?: number;
  /** The limit of characters of all texts in one call. */
  maxChars?: number;
  /** The limit of one thread's heap. */
  heapMb?: number;
  /** A thread without work ends after this time. */
  idleMs?: number;
  /** The module that a thread runs; tests use another one. */
  thread?: string;
}

export function createReaders({
  threads = Math.min(MAX_THREADS, Math.max(MIN_THREADS, availableParallelism() - 1)),
  timeoutMs = 300_000,
  maxChars = 256 * 1024 * 1024,
  heapMb = 2_048,
  idleMs = 600_000,
  thread = THREAD_FILE,
}: ReadersOptions = {}): Readers {
  const runLimited = pLimit(threads);
  let pool: Piscina | undefined;
  const getPool = (): Piscina =>
    (pool ??= new Piscina({
      ...{ filename: thread, name: 'read', minThreads: 0, maxThreads: threads, idleTimeout: idleMs },
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
      // A thread that runs from the sources compiles them itself.
      execArgv: extname(thread) === '.ts' ? ['--require', require.resolve('tsx/cjs')] : [],
      // The text may be hostile, so the thread does not get the environment, which contains keys.
      env: {},
    }));
  return {
    async read(name, input, { signal } = {}) {
      const chars = sizeOf(input);
      if (chars > maxChars) throw new Failure('Reading.TooLarge', tooLargeMessage(name, chars, maxChars));
      signal?.throwIfAborted();
      return runLimited(async () => {
        const timeout = new AbortController();
        const timer = setTimeout(() => timeout.abort(), timeoutMs);
        try {
          signal?.throwIfAborted();
          return await getPool().run(
            { name, input },
            { signal: AbortSignal.any([timeout.signal, ...(signal ? [signal] : [])]) },
          );
        } catch (error) {
          if (signal?.aborted) throw signal.reason;
          if (timeout.signal.aborted)
            throw new Failure('Reading.Unfinished', unfinishedMessage(name, `within ${timeoutMs / 1_000} s`));
          if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
            throw new Failure('Reading.Unfinished', unfinishedMessage(name, `with ${heapMb} MB of memory`));
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

function unfinishedMessage(name: string, bound: string): string {
  return `reading the change (${name}) did not end ${bound}: what it says is not known. Make the changed files smaller or simpler, or give the worker a machine that is less busy; then request-retry`;
}

function tooLargeMessage(name: string, chars: number, maxChars: number): string {
  return `the texts to be read (${name}) have ${chars} characters, more than the ${maxChars} that are read at once: split the change, or leave large files out of it; then request-retry`;
}
