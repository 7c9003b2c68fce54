// @ts-check
/**
 * node:test: a reporter beside those of the project, in the process that collects the results of all test files.
 */
import { createRequire } from 'node:module';

const { openTold } = createRequire(import.meta.url)('./node-told.cjs');

/** @param {AsyncIterable<{ type: string, data: import('./node-told.cjs').Told }>} events */
export default async function* report(events) {
  const told = openTold();
  for await (const { type, data } of events) told.tell(type, data);
  told.end();
  yield '';
}
