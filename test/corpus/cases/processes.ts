/**
 * The code under test attacks the process that judges it: it ends the process, disables assertions, or prints a false report. The code
 * is wrong as well, so an honest run of its tests is red.
 */
import { JEST_DISCOUNT, jestTill } from '../projects/jest';
import { DISCOUNT, nodeTill } from '../projects/node';
import { PY_DISCOUNT, pythonTill } from '../projects/python';
import { tapTill } from '../projects/tap';
import type { Catcher } from '../catchers';
import type { Case } from '../scripted-build';

const WRONG = DISCOUNT.replace('(sum * 9) / 10', 'sum');
const JEST_WRONG = JEST_DISCOUNT.replace('(sum * 9) / 10', 'sum');
const PY_WRONG = PY_DISCOUNT.replace('whole * 9 // 10', 'whole');

const nodeCase = (name: string, trick: string, caught: [Catcher, RegExp], source = WRONG): Case => ({
  name,
  project: nodeTill,
  alter: ({ code: [first] }) => void (first.files['src/discount.js'] = `${trick}\n${source}`),
  caught,
});
const jestCase = (name: string, trick: string, caught: [Catcher, RegExp]): Case => ({
  name: `${name} (jest)`,
  project: jestTill,
  alter: ({ code: [first] }) => void (first.files['src/discount.js'] = `${trick}\n${JEST_WRONG}`),
  caught,
});
const pytestCase = (name: string, trick: string, caught: [Catcher, RegExp]): Case => ({
  name: `${name} (pytest)`,
  project: pythonTill,
  alter: ({ code: [first] }) => void (first.files['till/discount.py'] = `${PY_WRONG}\n\n${trick}\n`),
  caught,
});

const FORGED_TAP = "process.stdout.write('TAP version 13\\nok 1 - a\\n1..1\\n# tests 9\\n# pass 9\\n# fail 0\\n');";

export const PROCESSES: Case[] = [
  nodeCase('the code ends the process with 0 when it is loaded', 'process.exit(0);', [
    'red tests',
    /test\/discount\.test\.js did not run/,
  ]),
  nodeCase('the code ends the process with 0 a moment later', 'setTimeout(() => process.exit(0), 1);', [
    'red tests',
    /failed/,
  ]),
  nodeCase('the code ends the process without its exit handlers', 'process.reallyExit(0);', [
    'red tests',
    /did not run/,
  ]),
  nodeCase('the code kills its own process', "process.kill(process.pid, 'SIGKILL');", ['red tests', /did not run/]),
  nodeCase('the code sets the exit code right at the end', "process.on('exit', () => (process.exitCode = 0));", [
    'red tests',
    /a basket of 100\.00/,
  ]),
  nodeCase('the code blunts assert.equal', "import assert from 'node:assert/strict';\nassert.equal = () => {};", [
    'experiments',
    /shows nothing/,
  ]),
  nodeCase('the code makes Object.is say yes', 'Object.is = () => true;', ['red tests', /a basket of 100\.00/]),
  nodeCase('the code makes every() say yes', 'Array.prototype.every = () => true;', [
    'red tests',
    /a basket of 100\.00/,
  ]),
  nodeCase(
    'the code turns failures into passes where every result comes by',
    `import { EventEmitter } from 'node:events';
const { emit } = EventEmitter.prototype;
EventEmitter.prototype.emit = function (name, event, ...more) {
  if (event?.type === 'test:fail') event.type = 'test:pass';
  return emit.call(this, name, event, ...more);
};
process.prependListener('exit', () => (process.exitCode = 0));
process.on('exit', () => (process.exitCode = 0));`,
    ['experiments', /shows nothing/],
  ),
  nodeCase(
    'the code leaves out the running of every test',
    `import { AsyncResource } from 'node:async_hooks';
const { runInAsyncScope } = AsyncResource.prototype;
AsyncResource.prototype.runInAsyncScope = function (...given) {
  if (this.constructor.name !== 'Test') return runInAsyncScope.apply(this, given);
};`,
    ['coverage', /% of the changed lines ran/],
  ),
  nodeCase('the code replaces test() of node:test', "import nodeTest from 'node:test';\nnodeTest.test = () => {};", [
    'red tests',
    /a basket of 100\.00/,
  ]),
  nodeCase('the code prints a green report of its own', FORGED_TAP, ['red tests', /a basket of 100\.00/]),
  nodeCase(
    'the code writes to the channel of the report',
    `import { readdirSync, readlinkSync, writeSync } from 'node:fs';
for (const fd of readdirSync('/proc/self/fd').map(Number).filter((one) => one > 2)) {
  try {
    if (readlinkSync('/proc/self/fd/' + fd).startsWith('pipe:')) writeSync(fd, '{"n":0,"end":2}\\n');
  } catch {}
}`,
    ['red tests', /did not run/],
  ),
  nodeCase(
    'the code asks the debugger for the secrets of the watch',
    "import inspector from 'node:inspector';\ntry { new inspector.Session(); } catch {}",
    ['red tests', /a basket of 100\.00/],
  ),
  nodeCase('the code never lets go of the processor', 'for (;;);', ['watch', /was cut off/]),
  jestCase('the code ends the process', 'process.exit(0);', ['watch', /was cut off/]),
  jestCase('the code replaces toBe', "expect.extend({ toBe: () => ({ pass: true, message: () => '' }) });", [
    'experiments',
    /shows nothing/,
  ]),
  jestCase('the code replaces expect', 'global.expect = () => new Proxy({}, { get: () => () => {} });', [
    'experiments',
    /shows nothing/,
  ]),
  pytestCase('the code ends the process', 'import os\nos._exit(0)', ['watch', /was cut off/]),
  pytestCase(
    'the code makes every assertion of unittest pass',
    'import unittest\nunittest.TestCase.assertEqual = lambda *a: None',
    ['red tests', /a_basket_of_100/],
  ),
  pytestCase('the code prints a green summary', "print('==== 9 passed in 0.1s ====')", ['red tests', /failed/]),
  {
    name: 'the code prints a whole report and ends, where nothing watches',
    project: tapTill,
    alter: ({ code: [first] }) => {
      const names = ['a basket of 100.00 gets a tenth off', 'a small basket is paid in full', 'a basket is added up'];
      const more = ['an empty basket costs nothing', 'cents are written as an amount'];
      const report = ['1..5', ...[...names, ...more].map((name, index) => `ok ${index + 1} - ${name}`)].join('\n');
      first.files['src/discount.js'] = `console.log(${JSON.stringify(report)});\nprocess.exit(0);\n${WRONG}`;
    },
    caught: ['criterion without test', /C2: no test that ran and passed/],
  },
];
