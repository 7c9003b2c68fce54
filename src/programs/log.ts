/**
 * The log of a program, on standard error: one line an event, in plain words or as JSON.
 *
 * Temporal's SDK writes into it too. What it has to say about itself is there from `warn` on; a build's own lines are `info`.
 */
import { DefaultLogger } from '@temporalio/worker';
import type { LogLevel } from '@temporalio/worker';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { BUILD_LINE } from '../workflows/build-log';
import type { Config } from './config';

export function createLog({ logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  if (logFormat === 'json') return pino({ level: logLevel }, pino.destination(2));
  return pino(
    { level: logLevel },
    { write: (line: string) => process.stderr.write(`${inWords(JSON.parse(line) as Entry)}\n`) },
  );
}

/** For `Runtime.install`. */
export function temporalLogger(log: Logger): DefaultLogger {
  return new DefaultLogger('INFO', ({ level, message, meta = {} }) => {
    const { [BUILD_LINE]: event, error, ...more } = meta as Record<string, unknown>;
    if (event !== undefined) log.info(event, message);
    else if (level !== 'INFO')
      log[PINO_LEVEL[level]]({ ...more, ...(error === undefined ? {} : { err: error }) }, message);
  });
}

const PINO_LEVEL = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, string>;

/** As pino writes it. */
interface Entry {
  level: number;
  time: number;
  msg?: string;
  err?: { message?: string };
  error?: { message?: string };
  /** Of a request to the API. */
  req?: { method: string; url: string };
  res?: { statusCode: number };
  responseTime?: number;
  /** Of Temporal's SDK. */
  workflowId?: string;
  activityType?: string;
}

/** `2026-11-26 04:33:10 shop.dark-mode testing, 3.1 s: 15 of 15 tests passed; next handoff_to_verifier` */
function inWords(entry: Entry): string {
  const at = new Date(entry.time).toISOString().slice(0, 19).replace('T', ' ');
  const label = pino.levels.labels[entry.level];
  const words = [at, ...(label === undefined || label === 'info' ? [] : [label]), ...wordsOf(entry)];
  return words.join(' ').replace(/\s*\n\s*/g, ' ');
}

function wordsOf({ msg = '', req, res, responseTime, ...entry }: Entry): string[] {
  if (req && res) return [req.method, req.url, String(res.statusCode), `${responseTime ?? 0} ms`];
  const where = [entry.activityType, entry.workflowId].filter(Boolean).join(' of ');
  const cause = (entry.err ?? entry.error)?.message?.split('\n')[0];
  return [[msg, where, cause].filter(Boolean).join(': ')];
}
