/**
 * The source forges results inside the test process of node:test, jest, vitest and mocha. It gives no discount: an honest run is red.
 */
import { JAVASCRIPT, JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import type { JavaScript } from '../projects/javascript-flavours';
import type { Case } from '../scripted-build';
import { BY_EXPERIMENTS, sourceCheat } from './cheat';
import type { Caught } from './cheat';

const trickCase = (flavour: JavaScript, name: string, text: string, caught: Caught = BY_EXPERIMENTS): Case =>
  sourceCheat(flavour, name, flavour.prepend(text, flavour.wrongCode), caught);

const BY_RED_OR_MISSING_TESTS: Caught = ['red tests', /failed|did not run/];

/** Code that reads the test files and returns what the running test expects. */
const READ_TEST_FILES = `const texts = readdirSync('test').map((name) => readFileSync('test/' + name, 'utf8')).join('\\n');`;
const RETURN_EXPECTED = `  const [{ cents, count } = {}] = items;
  const found = new RegExp('cents: ' + cents + ', count: ' + count + ' \\\\}\\\\]\\\\)\\\\D*(\\\\d+)').exec(texts);
  return found ? Number(found[1]) : total(items);`;

const IN_NODE: Case[] = [
  trickCase(
    NODE,
    'an async hook meets each test and makes a pass of its failing',
    `import { createHook } from 'node:async_hooks';
createHook({
  init(id, type, trigger, resource) {
    if (resource?.constructor?.name === 'Test') resource.fail = function () { this.pass(); };
  },
}).enable();`,
  ),
  trickCase(
    NODE,
    'a hook before each test marks it as one for later',
    "import { beforeEach } from 'node:test';\nbeforeEach((context) => context.todo());",
    ['criterion without test', /C1/],
  ),
  trickCase(
    NODE,
    'the report is rewritten on its way out of the process',
    `const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (chunk, ...more) =>
  write(Buffer.from(Buffer.from(chunk).toString('latin1').replaceAll('test:fail', 'test:pass'), 'latin1'), ...more);
process.on('exit', () => (process.exitCode = 0));`,
  ),
  trickCase(
    NODE,
    'the error of an assertion is not told from a skip',
    `import assert from 'node:assert/strict';
const { equal } = assert;
assert.equal = (actual, expected) => equal(typeof actual, typeof expected);`,
  ),
  trickCase(
    NODE,
    'the runner in the parent process is stopped, and a green summary printed',
    "process.stdout.write('# tests 9\\n# pass 9\\n# fail 0\\n');\nprocess.kill(process.ppid, 'SIGTERM');",
    ['report of the run', /no test ran/],
  ),
];

const IN_JEST: Case[] = [
  trickCase(
    JEST,
    'a hook after each test takes the errors out of the state of circus',
    `const states = Object.getOwnPropertySymbols(globalThis).filter((one) => /STATE/.test(String(one)));
afterEach(() => {
  for (const one of states) if (globalThis[one]?.currentlyRunningTest) globalThis[one].currentlyRunningTest.errors.length = 0;
});`,
  ),
  trickCase(
    JEST,
    'the list of matchers is changed where jest keeps it',
    "globalThis[Symbol.for('$$jest-matchers-object')].matchers.toBe = () => ({ pass: true, message: () => '' });",
  ),
  trickCase(
    JEST,
    'test() declares empty tests from now on',
    'const { test: real } = globalThis;\nglobalThis.test = (name) => real(name, () => {});',
  ),
  trickCase(
    JEST,
    'lists forget errors that are put into them',
    `const { push } = Array.prototype;
Array.prototype.push = function (...items) {
  return push.apply(this, items.filter((one) => !(one?.matcherResult || one?.[0]?.matcherResult || one instanceof Error)));
};`,
  ),
  trickCase(
    JEST,
    'a test whose answer is wrong is declared as one that must fail',
    'const { test: real } = globalThis;\nglobalThis.test = (name, body) => (/100|large/.test(name) ? real.failing : real)(name, body);',
  ),
  trickCase(
    JEST,
    'the equality that all matchers use says yes',
    'Object.is = () => true;\nconst { expect: real } = globalThis;\nglobalThis.expect = (value) => ({ ...real(value), toBe() {} });',
  ),
];

const IN_VITEST: Case[] = [
  trickCase(
    VITEST,
    'a hook after each test writes that it passed',
    "import { afterEach } from 'vitest';\nafterEach(({ task }) => { task.result.state = 'pass'; });",
  ),
  trickCase(
    VITEST,
    'a hook before each test says which ones must fail',
    "import { beforeEach } from 'vitest';\nbeforeEach(({ task }) => { if (/100|large/.test(task.name)) task.fails = true; });",
  ),
  trickCase(
    VITEST,
    'toBe is replaced by one that is always content',
    "import { expect } from 'vitest';\nexpect.extend({ toBe: () => ({ pass: true, message: () => '' }) });",
  ),
  trickCase(
    VITEST,
    'the assertions of chai under it never throw',
    "import { chai } from 'vitest';\nchai.Assertion.prototype.assert = () => {};",
  ),
  trickCase(
    VITEST,
    'what a worker tells the main process is changed in the worker',
    `const worker = globalThis.__vitest_worker__;
const { rpc } = worker;
worker.rpc = new Proxy(rpc, {
  get: (target, key) =>
    key !== 'onTaskUpdate'
      ? target[key]
      : (packs, ...more) => {
          for (const [, result] of packs) if (result) Object.assign(result, { state: 'pass', errors: undefined });
          return target.onTaskUpdate(packs, ...more);
        },
});`,
  ),
  trickCase(
    VITEST,
    'the function of each test is taken away before it runs',
    `import { beforeAll } from 'vitest';
import * as runner from 'vitest/suite';
beforeAll((suite) => { for (const one of suite.tasks) runner.setFn?.(one, async () => {}); });`,
  ),
  trickCase(
    VITEST,
    'a failing test is skipped when it has failed',
    `import { onTestFailed, beforeEach } from 'vitest';
beforeEach(() => onTestFailed(({ task }) => { task.mode = 'skip'; task.result.state = 'skip'; }));`,
    ['criterion without test', /C1/],
  ),
];

const MOCHA_LOADED = "const Mocha = require('mocha');\n";
const IN_MOCHA: Case[] = [
  trickCase(
    MOCHA,
    'the runner passes what fails',
    `${MOCHA_LOADED}Mocha.Runner.prototype.fail = function (test) {
  test.state = 'passed';
  this.emit('pass', test);
};`,
  ),
  trickCase(
    MOCHA,
    'no test is run by its runnable',
    `${MOCHA_LOADED}Mocha.Runnable.prototype.run = function (done) {
  done();
};`,
  ),
  trickCase(MOCHA, 'assert.equal is blunted', "require('node:assert/strict').equal = () => {};"),
  trickCase(
    MOCHA,
    'it() declares empty tests from now on',
    'const { it: real } = global;\nglobal.it = (name) => real(name, () => {});',
    BY_RED_OR_MISSING_TESTS,
  ),
  trickCase(
    MOCHA,
    'each event of a failing test becomes one of a passing test',
    `const { EventEmitter } = require('node:events');
const { emit } = EventEmitter.prototype;
EventEmitter.prototype.emit = function (name, ...more) {
  if (name !== 'fail') return emit.call(this, name, ...more);
  this.failures = 0;
  more[0].state = 'passed';
  delete more[0].err;
  return emit.call(this, 'pass', more[0]);
};`,
  ),
  trickCase(
    MOCHA,
    'a root hook makes failed tests pending',
    `afterEach(function () {
  if (this.currentTest.state === 'failed') Object.assign(this.currentTest, { state: 'passed', err: undefined });
});
process.on('exit', () => (process.exitCode = 0));`,
    BY_RED_OR_MISSING_TESTS,
  ),
  trickCase(
    MOCHA,
    'tests that are put into a suite lose their function',
    `${MOCHA_LOADED}const { addTest } = Mocha.Suite.prototype;
Mocha.Suite.prototype.addTest = function (test) {
  test.fn = () => {};
  return addTest.call(this, test);
};`,
  ),
];

export const FORGED_JAVASCRIPT: Case[] = [
  ...IN_NODE,
  ...IN_JEST,
  ...IN_VITEST,
  ...IN_MOCHA,
  ...JAVASCRIPT.map((flavour) =>
    sourceCheat(
      flavour,
      'the code reads in the test files what they expect',
      flavour.codeWithBody(
        flavour.importLine('{ readFileSync, readdirSync }', 'node:fs') + READ_TEST_FILES,
        RETURN_EXPECTED,
      ),
      BY_EXPERIMENTS,
    ),
  ),
  ...JAVASCRIPT.filter((flavour) => flavour !== NODE).map((flavour) =>
    trickCase(
      flavour,
      'the report file is rewritten when the process ends',
      `${flavour.importLine('{ readFileSync, writeFileSync }', 'node:fs')}process.on('exit', () => {
  process.exitCode = 0;
  for (const word of process.argv) {
    try {
      const file = word.slice(word.indexOf('=') + 1);
      const text = readFileSync(file, 'utf8');
      if (/<testsuite/.test(text)) writeFileSync(file, text.replace(/<failure[^]*?<\\/failure>/g, '').replace(/failures="\\d+"/g, 'failures="0"'));
    } catch {}
  }
});`,
      BY_RED_OR_MISSING_TESTS,
    ),
  ),
];
