/**
 * What every program does around its own work: read the settings, end in order on Ctrl-C, say failures in one line.
 */
import { Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { redactText } from '../inspect/secrets/redact';
import { ConfigError, narrowEnvironment, readConfig } from './config';
import type { Config } from './config';
import { launch } from './launch';
import type { Launched } from './launch';
import { createLog, temporalLogger } from './log';

export const INTERRUPTED = 130;

/** Runs until Ctrl-C, SIGTERM or a failure; the exit code is 0 only for the first two, and only once it was up. */
export async function serve(
  parts: { api: boolean; worker: boolean },
  ready: (launched: Launched, config: Config) => string,
): Promise<void> {
  const signal = interruption();
  try {
    const config = readConfig();
    narrowEnvironment();
    // Forwarded: the core would write to standard error by itself.
    const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) };
    const logger = temporalLogger(createLog(config));
    Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
    const launched = await launch({ ...parts, config, say, signal });
    process.stdout.write(`${ready(launched, config)}\n`);
    const failure = await Promise.race([interrupted(signal), launched.failed]);
    if (failure === null) say('stopping: builds go on where they stand at the next start');
    // A client that is closed while Temporal is away throws from a timer of its own; there is nothing left to save.
    process.on('uncaughtException', () => undefined);
    await launched.stop();
    if (failure !== null) throw failure;
    process.exit(0);
  } catch (error) {
    const isBrokenOff = signal.aborted && error === signal.reason;
    say(isBrokenOff ? 'stopped before it was up' : oneLine(error));
    process.exit(isBrokenOff ? INTERRUPTED : 1);
  }
}

/** Aborted by the first Ctrl-C or SIGTERM. A terminal and the programs above us may each send the same one; a later one means now. */
export function interruption(): AbortSignal {
  const IMPATIENT_MS = 1_000;
  const controller = new AbortController();
  let first = 0;
  const hear = () => {
    if (first > 0 && Date.now() - first > IMPATIENT_MS) process.exit(INTERRUPTED);
    first ||= Date.now();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, hear);
  return controller.signal;
}

export function interrupted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

export function say(line: string): void {
  process.stderr.write(`${redactText(line).text}\n`);
}

export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof ConfigError ? text : (text.split('\n')[0] ?? text);
}
