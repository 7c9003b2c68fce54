/** node:test under watch: bent projects never pass, honest ones do. Each row runs for real, in the sandbox. */
import { reasonsOf, runProject } from './bench';
import type { Files } from './bench';

/** What `add` should do, and does wrongly: the test of it has to fail in every row below. */
const WRONG = 'exports.add = (a, b) => a - b;\n';
const TEST = `const { test } = require('node:test');
const assert = require('node:assert');
const { add } = require('../src/add.cjs');
test('adds', () => assert.strictEqual(add(1, 2), 3));
test('adds later', async () => { await new Promise((done) => setTimeout(done, 5)); assert.deepEqual([add(1, 2)], [3]); });
`;
const BEFORE = ['adds', 'adds later'];

/** In the code under test, which the tests load; `reason` is what the gate must say, whatever else it says. */
const IN_THE_CODE: Array<[string, string, RegExp]> = [
  ['process.exit(0) when it is loaded', 'process.exit(0);', /was ended before its tests began/],
  ['process.exit(0) when it is called', 'exports.add = () => process.exit(0);', /was ended before its tests/],
  ['process.exit(0) a moment later', 'setTimeout(() => process.exit(0), 1);', /was ended|adds/],
  ['process.reallyExit(0)', 'process.reallyExit(0);', /before its last word|before its tests/],
  ['killing its own process', "process.kill(process.pid, 'SIGKILL');", /exit code|last word/],
  ['killing the parent process', "process.kill(process.ppid, 'SIGKILL');", /exit code|last word|failed/],
  ['process.exitCode = 0 at exit', "process.on('exit', () => { process.exitCode = 0; });", /failed/],
  [
    'an exitCode that cannot be set',
    "Object.defineProperty(process, 'exitCode', { get: () => 0, set() {} });",
    /failed/,
  ],
  ['a beforeExit hook that ends with 0', "process.on('beforeExit', () => process.exit(0));", /failed|ended/],
  [
    'assert.strictEqual that does nothing',
    "const a = require('assert'); a.strictEqual = a.deepEqual = () => {};",
    /assert\.\w+ was replaced/,
  ],
  [
    'assert.strict patched by defineProperty',
    "Object.defineProperty(require('assert'), 'strictEqual', { value() {} });",
    /did not run|exit code/,
  ],
  [
    'all of assert patched, and put back at once',
    `const assert = require('assert'); const old = { ...assert };
     exports.add = () => { for (const k of Object.keys(old)) assert[k] = () => {}; setImmediate(() => Object.assign(assert, old)); };`,
    /was replaced/,
  ],
  ['Object.is that agrees', 'Object.is = () => true;', /Object\.is was replaced/],
  ['Array.prototype.every that agrees', 'Array.prototype.every = () => true;', /every was replaced/],
  [
    'JSON.stringify that hides failures',
    "const s = JSON.stringify; JSON.stringify = (v) => s(v).replace('failed', 'passed');",
    /JSON\.stringify was replaced/,
  ],
  [
    'toJSON planted on Object.prototype',
    "Object.defineProperty(Object.prototype, 'toJSON', { value() { return { ...this, status: 'passed' }; } });",
    /failed/,
  ],
  [
    'test() that runs nothing',
    "const t = require('node:test'); t.test = (n) => t(n, () => {}); t.it = t.test;",
    /node:test\.test was replaced/,
  ],
  [
    'the reporter stream patched',
    "const { Readable } = require('stream'); const push = Readable.prototype.push; Readable.prototype.push = function (e, ...r) { if (e && e.type === 'test:fail') e.type = 'test:pass'; return push.call(this, e, ...r); };",
    /Readable\.prototype\.push was replaced/,
  ],
  [
    'uncaught errors and rejections swallowed',
    "process.on('uncaughtException', () => {}); process.on('unhandledRejection', () => {});",
    /failed/,
  ],
  [
    'fake TAP on standard output',
    "console.log('TAP version 13\\nok 1 - adds\\nok 2 - adds later\\n1..2\\n# tests 2\\n# pass 2\\n# fail 0');",
    /failed/,
  ],
  [
    '"# pass 100" on standard output',
    "process.on('exit', () => console.log('# tests 100\\n# pass 100\\n# fail 0'));",
    /failed/,
  ],
  [
    'a fake v8-serialised report on standard output, and an exit',
    `const v8 = require('v8'); const { writeSync } = require('fs');
     for (const name of ['adds', 'adds later']) {
       const body = v8.serialize({ type: 'test:pass', data: { name, nesting: 0, testNumber: 1, details: { duration_ms: 1 } } });
       const head = Buffer.from([0xff, 0x0f, 0, 0, 0, 0]); head.writeUInt32BE(body.length, 2); writeSync(1, Buffer.concat([head, body]));
     } process.exit(0);`,
    /was ended before/,
  ],
  [
    'lines of its own on every open descriptor',
    `const fs = require('fs'); for (let fd = 3; fd < 64; fd++) try { fs.writeSync(fd, 'f'.repeat(64) + ' {"n":0,"test":{"name":"adds","status":"passed"}}\\n'); } catch {}`,
    /something else wrote|exit code/,
  ],
  [
    "lines of its own into the parent's descriptors",
    `const fs = require('fs'); for (const pid of [process.ppid, 1]) for (let fd = 3; fd < 64; fd++) try { fs.writeFileSync('/proc/' + pid + '/fd/' + fd, 'x {"n":0}\\n'); } catch {}`,
    /something else wrote|failed/,
  ],
  [
    'feeding the reporter itself',
    "import('file:///sentinel/node-test.mjs').then(async (m) => { for await (const _ of m.default([{ type: 'test:pass', data: { name: 'adds', nesting: 0 } }])); });",
    /called by somebody else|failed/,
  ],
  [
    'opening the channel a second time',
    "require('/sentinel/channel.cjs').open(); process.env.REPORT_FD = '8'; require('/sentinel/channel.cjs').open();",
    /failed|exit code|last word/,
  ],
  [
    'looking in with the inspector',
    "new (require('inspector').Session)().connect();",
    /inspector was opened|inspector/,
  ],
  ['a heap snapshot', "require('v8').getHeapSnapshot();", /getHeapSnapshot was opened/],
  [
    'reading the environment for a secret',
    'if (Object.keys(process.env).some((k) => /REPORT|NONCE|KEY/.test(k))) process.exit(0);',
    /2 of 2 tests failed/,
  ],
];
test.each(IN_THE_CODE)('bent in the code: %s', async (_, code, reason) => {
  const run = await runProject({
    runner: 'node-test',
    files: { 'src/add.cjs': WRONG + code, 'test/add.test.cjs': TEST },
  });
  expect(reasonsOf(run, BEFORE).join('; ')).toMatch(reason);
});

const IN_THE_TREE: Array<[string, Files, RegExp]> = [
  ['test.skip', { 'test/add.test.cjs': TEST.replaceAll("test('adds", "test.skip('adds") }, /all 2 tests were skipped/],
  ['test.todo', { 'test/add.test.cjs': TEST.replaceAll("test('adds", "test.todo('adds") }, /skipped/],
  [
    'a suite that is skipped',
    { 'test/add.test.cjs': `const { describe } = require('node:test'); describe.skip('s', () => {});` },
    /do not pass now/,
  ],
  ['only, on another test', { 'test/add.test.cjs': `${TEST}test.only('fine', () => {});` }, /2 of 3 tests failed/],
  [
    'one skipped beside one that passes',
    { 'test/add.test.cjs': `${TEST.replaceAll("test('adds", "test.skip('adds")}test('fine', () => {});` },
    /do not pass now/,
  ],
  [
    'process.exit(0) in a test',
    { 'test/add.test.cjs': `require('node:test').test('a', () => process.exit(0));\n${TEST}` },
    /was ended before/,
  ],
  [
    'process.exit(0) in a before hook',
    { 'test/add.test.cjs': `require('node:test').before(() => process.exit(0));\n${TEST}` },
    /was ended before/,
  ],
  [
    'process.exit(0) in an after hook',
    { 'test/add.test.cjs': `require('node:test').after(() => process.exit(0));\n${TEST}` },
    /was ended before|failed/,
  ],
  ['tests deleted', { 'test/other.test.cjs': "require('node:test').test('fine', () => {});" }, /adds, adds later/],
  ['the test file renamed so that no runner finds it', { 'test-old/add.cjs': TEST }, /no test ran/],
  [
    'a test emptied under another name',
    { 'test/add.test.cjs': "require('node:test').test('add', () => {});" },
    /do not pass now/,
  ],
  [
    '"test": "true" in package.json',
    { 'package.json': '{"scripts":{"test":"true"}}', 'test/add.test.cjs': TEST },
    /failed/,
  ],
  [
    'NODE_OPTIONS in .npmrc',
    { '.npmrc': 'node-options=--require ./exit.cjs', 'exit.cjs': 'process.exit(0)', 'test/add.test.cjs': TEST },
    /2 of 2 tests failed/,
  ],
  [
    'a planted node_modules/assert',
    { 'node_modules/assert/index.js': 'module.exports = () => {};', 'test/add.test.cjs': TEST },
    /failed/,
  ],
  [
    'a planted node_modules/.bin/node',
    { 'node_modules/.bin/node': '#!/bin/sh\nexit 0\n', 'test/add.test.cjs': TEST },
    /failed/,
  ],
  ['a file named like a flag', { 'test/--eval=process.exit(0).test.cjs': TEST, 'test/add.test.cjs': TEST }, /failed/],
];
test.each(IN_THE_TREE)('bent in the tree: %s', async (_, files, reason) => {
  const run = await runProject({ runner: 'node-test', files: { 'src/add.cjs': WRONG, ...files } });
  expect(reasonsOf(run, BEFORE).join('; ')).toMatch(reason);
});

test('a locked test is what was locked, whatever lies at its path, and cannot be written', async () => {
  const overwrite = "try { require('fs').writeFileSync('test/add.test.cjs', ''); } catch {}\n";
  const run = await runProject({
    runner: 'node-test',
    files: { 'src/add.cjs': WRONG + overwrite, 'test/add.test.cjs': "require('node:test').test('adds', () => {});" },
    locked: [{ path: 'test/add.test.cjs', text: TEST }],
  });
  expect(reasonsOf(run).join('; ')).toMatch(/2 of 2 tests failed/);
});

test.each([
  [
    'a script made up under the name of the file',
    "const source = 'x'.repeat(3); require('vm').runInThisContext('1;1;1', { filename: process.cwd() + '/src/more.cjs' });",
  ],
  [
    'coverage files written by hand',
    "const d = process.env.NODE_V8_COVERAGE ?? '/tmp'; require('fs').writeFileSync(d + '/coverage-1-1-0.json', '{}');",
  ],
  [
    'the profiler stopped',
    "try { new (require('inspector').Session)().post('Profiler.stopPreciseCoverage'); } catch {}",
  ],
])('fake coverage covers nothing: %s', async (_, code) => {
  const more = 'exports.a = () => {\n  return 1;\n};\n';
  const files = {
    'src/add.cjs': `exports.add = (a, b) => a + b;\n${code}`,
    'src/more.cjs': more,
    'test/add.test.cjs': TEST,
  };
  const run = await runProject({ runner: 'node-test', files });
  expect(run.coverage?.['src/more.cjs']?.[2] ?? 0).toBe(0);
});
