/**
 * Temporal's own log goes into a file of the run: on the screen it would tear the timeline apart.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';

/** To be called before anything of Temporal is used. */
export function logIntoFile(folder: string): void {
  const file = logFileOf(folder);
  const logger = new DefaultLogger('WARN', ({ level, timestampNanos, message, meta }) => {
    const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    // At once, so that the last lines are there too when the process ends in the next moment.
    appendFileSync(file, `${at} ${level} ${message}${meta === undefined ? '' : ` ${inspect(meta)}`}\n`);
  });
  const filter = makeTelemetryFilterString({ core: 'WARN' });
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {}, filter } } });
}

/** Where an unexpected failure is told in full. */
export function logFileOf(folder: string): string {
  return join(folder, 'worker.log');
}
