/**
 * The frame of every program: reads the settings, stops in order on Ctrl-C, reports a failure in one line.
 */
import { Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { redactText } from '../inspect/secrets/redact';
import { ConfigError, narrowEnvironment, readConfig } from './config';
import type { Config } from './config';
import { launch } from './launch';
import type { Launched } from './launch';
import { createLog, temporalLogger } from './log';

export const INTERRUPTED = 130;

/** Runs until Ctrl-C, SIGTERM or a failure. The exit code is 0 where a signal ends a program that was ready. */
export async function serve(
  parts: { api: boolean; worker: boolean },
  ready: (launched: Launched, config: Config) => string,
): Promise<void> {
  const signal = interruption();
  try {
    const config = readConfig();
    narrowEnvironment();
    // Forwarded to the logger: the core would otherwise write to standard error itself.
    const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) };
    const logger = temporalLogger(createLog(config));
    Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
    const launched = await launch({ ...parts, config, say, signal });
    process.stdout.write(`${ready(launched, config)}\n`);
    const failure = await Promise.race([waitForInterruption(signal), launched.failed]);
    if (failure === null) say('stopping: builds continue at the next start');
    // A client that is closed while Temporal is away throws from a timer of its own. The program ends anyway.
    process.on('uncaughtException', () => undefined);
    await launched.stop();
    if (failure !== null) throw failure;
    process.exit(0);
  } catch (error) {
    const isInterrupted = signal.aborted && error === signal.reason;
    say(isInterrupted ? 'stopped before it was ready' : oneLine(error));
    process.exit(isInterrupted ? INTERRUPTED : 1);
  }
}

/**
 * Gives a signal that the first Ctrl-C or SIGTERM aborts. A terminal and parent processes may each deliver the same Ctrl-C; a
 * signal more than a second later exits immediately.
 */
export function interruption(): AbortSignal {
  const SAME_SIGNAL_MS = 1_000;
  const controller = new AbortController();
  let firstSignalAt = 0;
  const onSignal = () => {
    if (firstSignalAt > 0 && Date.now() - firstSignalAt > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
    firstSignalAt ||= Date.now();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  return controller.signal;
}

export function waitForInterruption(signal: AbortSignal): Promise<null> {
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
