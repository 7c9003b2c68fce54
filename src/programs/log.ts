/**
 * Writes the log of a program to standard error: one line for each event, as text or as JSON.
 *
 * Temporal's SDK writes to the same log: its own messages from `warn` on, and the lines of builds at `info`.
 */
import { DefaultLogger } from '@temporalio/worker';
import type { LogLevel } from '@temporalio/worker';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { redactValue, redactionOf } from '../inspect/secrets/redact';
import { BUILD_LINE } from '../workflows/build-log';
import type { Config } from './config';

/** Creates the log. It removes secrets of the settings, and those that the scanner finds, from lines of every level. */
export function createLog({
  logLevel,
  logFormat,
  secrets = [],
}: Pick<Config, 'logLevel' | 'logFormat'> & { secrets?: readonly string[] }): Logger {
  const removeSecrets = createSecretRemover(secrets);
  const write = (line: string): void => {
    const entry = redactValue(JSON.parse(removeSecrets(line)) as Entry).value;
    process.stderr.write(`${logFormat === 'json' ? JSON.stringify(entry) : toTextLine(entry)}\n`);
  };
  return pino({ level: logLevel }, { write });
}

/** Removes the secrets in their JSON form. The longest come first, so that no part of a secret is left. */
function createSecretRemover(secrets: readonly string[]): (line: string) => string {
  const secretsAsJson = secrets
    .filter(({ length }) => length >= MIN_SECRET_CHARS)
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .sort((a, b) => b.length - a.length);
  const replacement = redactionOf('setting');
  return (line) => secretsAsJson.reduce((text, secret) => text.replaceAll(secret, replacement), line);
}

/** Shorter values occur in ordinary words and are not removed. */
const MIN_SECRET_CHARS = 6;

/** The logger for `Runtime.install` of Temporal's SDK. */
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

/** A log entry as pino writes it. */
interface Entry {
  level: number;
  time: number;
  msg?: string;
  err?: { message?: string };
  error?: { message?: string };
  /** Present for a request to the API. */
  req?: { method: string; url: string };
  res?: { statusCode: number };
  responseTime?: number;
  /** Present for messages of Temporal's SDK. */
  workflowId?: string;
  activityType?: string;
}

/** `2026-11-26 04:33:10 shop.dark-mode testing, 3.1 s: 15 of 15 tests passed; next handoff_to_verifier` */
function toTextLine(entry: Entry): string {
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
