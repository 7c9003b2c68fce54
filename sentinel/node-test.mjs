// @ts-check
/**
 * node:test: preloaded into the process of one test file, and its reporter as well.
 *
 * The same module instance is both, so that nothing has to be handed over where project code could reach for it.
 */
import { createRequire } from 'node:module';
import * as nodeTest from 'node:test';

const require = createRequire(import.meta.url);
const { begin } = require('./watch.cjs');
const { lock } = require('./guard.cjs');
const watched = begin();
if (watched !== undefined) {
  // It gives a stream of the runner's own kind, and with it the way to change all of them.
  nodeTest.default.run = () => {
    watched.tell('run of node:test was called');
    throw new Error('run of node:test is closed while tests are judged');
  };
  for (const of of [nodeTest.default, nodeTest.describe, nodeTest.it]) lock(of, watched.tell, { label: 'node:test' });
  require('node:module').syncBuiltinESMExports();
}
let asked = 0;

/**
 * @typedef {{ name: string, nesting: number, details?: any, skip?: boolean | string, todo?: boolean | string }} Told
 * @param {AsyncIterable<{ type: string, data: Told }>} events
 */
export default async function* report(events) {
  if (watched === undefined) return;
  const { say, tell, check } = watched;
  asked += 1;
  // The runner asks once. A second time is somebody who feeds it results of their own.
  if (asked > 1) tell('the reporter was called by somebody else');
  say({ begin: true });
  const names = Object.create(null);
  let count = 0;
  for await (const { type, data } of events) {
    if (type === 'test:start') names[data.nesting] = data.name;
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    const blunt = check();
    if (blunt !== undefined) tell(blunt);
    count += 1;
    let name = '';
    for (let level = 0; level < data.nesting; level++) name += `${names[level]} > `;
    name += data.name;
    const status = statusOf(type, data);
    say({ test: { file: null, name, status } });
    // For people who read the log; nothing is decided by it.
    yield `${status} - ${name}\n`;
    if (status === 'failed') yield `  ${String(data.details?.error?.cause?.stack ?? data.details?.error?.message)}\n`;
  }
  say({ end: count });
}

/**
 * Skipped and todo count as neither, whatever came of them.
 *
 * @param {string} type
 * @param {Told} data
 */
function statusOf(type, data) {
  if (data.skip !== undefined && data.skip !== false) return 'skipped';
  if (data.todo !== undefined && data.todo !== false) return 'todo';
  return type === 'test:pass' ? 'passed' : 'failed';
}
