/**
 * Writes Temporal's log to a file of the run, since it would break up the timeline on the screen.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';

/** Must be called before any other call of Temporal's SDK. */
export function logIntoFile(folder: string): void {
  const file = logFileOf(folder);
  const logger = new DefaultLogger('WARN', ({ level, timestampNanos, message, meta }) => {
    const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    // Synchronous, so that the last lines are written although the process may end right after.
    appendFileSync(file, `${at} ${level} ${message}${meta === undefined ? '' : ` ${inspect(meta)}`}\n`);
  });
  const filter = makeTelemetryFilterString({ core: 'WARN' });
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {}, filter } } });
}

/** The file that has the details of an unexpected failure. */
export function logFileOf(folder: string): string {
  return join(folder, 'worker.log');
}
