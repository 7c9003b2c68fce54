// @ts-check
/**
 * The reporter for node:test, which runs in addition to those of the project, in the process that collects all results.
 */
import { createRequire } from 'node:module';

const { openEventRecord } = createRequire(import.meta.url)('./node-events.cjs');

/** @param {AsyncIterable<{ type: string, data: import('./node-events.cjs').TestEvent }>} events */
export default async function* report(events) {
  const record = openEventRecord();
  for await (const { type, data } of events) record.add(type, data);
  record.end();
  yield '';
}
