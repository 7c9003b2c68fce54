/**
 * Watches the event loop of this process, on which heartbeats and requests wait: a stop is logged with what was at work.
 *
 * What is at work is kept in a list that each piece of work enters and leaves; nothing is followed through its promises.
 */
import type { IncomingMessage, Server } from 'node:http';

/** A tick that comes so much later than it should. */
const LONGEST_MS = 200;
const TICK_MS = 50;
const SHOWN_NAMES = 8;
const NAME_CHARS = 200;

interface WatchOptions {
  warn(facts: Stop, line: string): void;
  longestMs?: number;
}

/** As it is logged; an object with `LOG_FORMAT=json`. */
export interface Stop {
  stopped_ms: number;
  /** Of all threads of this process in that time: little of it says that the machine had no processor to give. */
  processor_ms: number;
  /** What was at work at any time of the stop. */
  at_work: string[];
}

export interface EventLoopWatch {
  /** The work begins; call what is given when it ends. */
  begin(name: string): () => void;
  /** Milliseconds of the longest stop since the last time this was asked. */
  takeWorstMs(): number;
  end(): void;
}

export function watchEventLoop({ warn, longestMs = LONGEST_MS }: WatchOptions): EventLoopWatch {
  const atWork = new Map<symbol, string>();
  /** Left since the last tick: a stop may be all that there was of them. */
  let left: string[] = [];
  let worstMs = 0;
  let last = performance.now();
  let used = process.cpuUsage();
  const tick = (): void => {
    const now = performance.now();
    const stoppedMs = Math.round(now - last - TICK_MS);
    const { user, system } = process.cpuUsage(used);
    worstMs = Math.max(worstMs, stoppedMs);
    if (stoppedMs > longestMs) {
      const names = [...new Set([...left, ...atWork.values()])];
      const stop = { stopped_ms: stoppedMs, processor_ms: Math.round((user + system) / 1_000), at_work: names };
      warn(stop, describe(stop));
    }
    left = [];
    last = performance.now();
    used = process.cpuUsage();
  };
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  return {
    begin(name) {
      const mark = Symbol(name);
      atWork.set(mark, name.slice(0, NAME_CHARS));
      return () => {
        if (atWork.has(mark)) left.push(name.slice(0, NAME_CHARS));
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

function describe({ stopped_ms: stopped, processor_ms: processor, at_work: names }: Stop): string {
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  const shown = names.length === 0 ? 'nothing that is known' : names.slice(0, SHOWN_NAMES).join(', ') + more;
  return `the event loop stood still for ${stopped} ms, with the processor busy for ${processor} ms; at work: ${shown}`;
}

/** The same functions; each is at work from its call until its promise is settled. */
export function watched<A extends object>(watch: Pick<EventLoopWatch, 'begin'>, activities: A): A {
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

/** Each request is at work until its answer is closed. What is asked for in the query is nobody's business. */
export function watchRequests(watch: Pick<EventLoopWatch, 'begin'>, server: Server): void {
  server.prependListener('request', ({ method = '', url = '' }: IncomingMessage, response) => {
    response.once('close', watch.begin(`${method} ${url.split('?', 1)[0] ?? ''}`));
  });
}
