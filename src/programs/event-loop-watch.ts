/**
 * Watches the event loop of this process, which heartbeats and requests depend on: a blockage is logged with the work at that time.
 *
 * Activities and requests register in a list when they begin and leave it when they end; promises are not traced.
 */
import type { IncomingMessage, Server } from 'node:http';

/** A tick that comes more than this too late counts as a blockage. */
const DELAY_LIMIT_MS = 200;
const TICK_MS = 50;
const MAX_NAMES = 8;
const NAME_LIMIT_CHARS = 200;

interface WatchOptions {
  warn(facts: Blockage, line: string): void;
  longestMs?: number;
}

/** A blockage of the event loop, as LOG_FORMAT=json logs it. */
export interface Blockage {
  stopped_ms: number;
  /** Processor time of all threads of this process. Much less than `stopped_ms` means that the machine was busy with others. */
  processor_ms: number;
  /** The activities and requests that ran during any part of the blockage. */
  at_work: string[];
}

export interface EventLoopWatch {
  /** Registers work under a name. Call the returned function when it ends. */
  begin(name: string): () => void;
  /** Gives the milliseconds of the longest blockage since the last call. */
  takeWorstMs(): number;
  end(): void;
}

export function watchEventLoop({ warn, longestMs = DELAY_LIMIT_MS }: WatchOptions): EventLoopWatch {
  const atWork = new Map<symbol, string>();
  /** Work that ended since the last tick: it may have caused the blockage. */
  let endedWork: string[] = [];
  let worstMs = 0;
  let lastTickAt = performance.now();
  let cpuAtLastTick = process.cpuUsage();
  const tick = (): void => {
    const now = performance.now();
    const stoppedMs = Math.round(now - lastTickAt - TICK_MS);
    const { user, system } = process.cpuUsage(cpuAtLastTick);
    worstMs = Math.max(worstMs, stoppedMs);
    if (stoppedMs > longestMs) {
      const names = [...new Set([...endedWork, ...atWork.values()])];
      const stop = { stopped_ms: stoppedMs, processor_ms: Math.round((user + system) / 1_000), at_work: names };
      warn(stop, describe(stop));
    }
    endedWork = [];
    lastTickAt = performance.now();
    cpuAtLastTick = process.cpuUsage();
  };
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  return {
    begin(name) {
      const mark = Symbol(name);
      atWork.set(mark, name.slice(0, NAME_LIMIT_CHARS));
      return () => {
        if (atWork.has(mark)) endedWork.push(name.slice(0, NAME_LIMIT_CHARS));
        atWork.delete(mark);
      };
    },
    takeWorstMs() {
      tick();
      const worst = worstMs;
      worstMs = 0;
      return worst;
    },
    end: () => clearInterval(timer),
  };
}

function describe({ stopped_ms: stopped, processor_ms: processor, at_work: names }: Blockage): string {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const shown = names.length === 0 ? 'nothing that is known' : names.slice(0, MAX_NAMES).join(', ') + more;
  return `the event loop stood still for ${stopped} ms, with the processor busy for ${processor} ms; at work: ${shown}`;
}

/** Wraps the activities, so that each is registered from its call until its promise settles. */
export function watchActivities<A extends object>(watch: Pick<EventLoopWatch, 'begin'>, activities: A): A {
  const all = Object.entries(activities as Record<string, (...args: unknown[]) => unknown>);
  return Object.fromEntries(
    all.map(([name, run]) => [
      name,
      async (...args: unknown[]) => {
        const end = watch.begin(`activity ${name}`);
        try {
          return await run(...args);
        } finally {
          end();
        }
      },
    ]),
  ) as A;
}

/** Registers each request until its answer is closed. The query string is left out, since it may have private values. */
export function watchRequests(watch: Pick<EventLoopWatch, 'begin'>, server: Server): void {
  server.prependListener('request', ({ method = '', url = '' }: IncomingMessage, response) => {
    response.once('close', watch.begin(`${method} ${url.split('?', 1)[0] ?? ''}`));
  });
}
