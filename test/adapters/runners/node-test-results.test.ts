/** node:test under watch: attempts on the way that results go, from the runner's inside to the report. None passes. */
import { reasonsOf, runProject } from './bench';

/** Both of its tests have to fail, whatever the code does besides. */
const WRONG = 'exports.add = (a, b) => a - b;\n';
const TEST = `const { test } = require('node:test');
const assert = require('node:assert');
const { add } = require('../src/add.cjs');
test('adds', () => assert.strictEqual(add(1, 2), 3));
test('adds later', async () => { await new Promise((done) => setTimeout(done, 5)); assert.deepEqual([add(1, 2)], [3]); });
`;
const EXIT_0 = "for (const add of ['on', 'prependListener']) process[add]('exit', () => { process.exitCode = 0; });";
const TURN = "if (e && e.type === 'test:fail') e.type = 'test:pass';";

const WAYS: Array<[string, string, RegExp]> = [
  [
    'an emit that turns failures into passes',
    `const { prototype } = require('events'); const { emit } = prototype;
     prototype.emit = function (name, e, ...more) { ${TURN} return emit.call(this, name, e, ...more); };`,
    /EventEmitter\.prototype\.emit was replaced/,
  ],
  [
    'a listener that turns them',
    `const { prototype } = require('stream').Readable; const { on } = prototype;
     prototype.on = function (name, hear) { return on.call(this, name, name === 'data' ? (e) => { ${TURN} return hear(e); } : hear); };`,
    /Readable\.prototype\.on was replaced/,
  ],
  [
    'the next of all async generators',
    `const prototype = Object.getPrototypeOf((async function* () {}).prototype); const { next } = prototype;
     prototype.next = function (...given) { return next.apply(this, given).then((step) => { const e = step.value; ${TURN} return step; }); };`,
    /AsyncGenerator\.prototype\.next was replaced/,
  ],
  [
    'the iterator of all arrays, which leaves the status out',
    `const prototype = Object.getPrototypeOf([][Symbol.iterator]()); const { next } = prototype;
     prototype.next = function () { const step = next.call(this); return step.value === 'status' ? next.call(this) : step; };`,
    /2 of 2 tests failed.*ArrayIterator\.prototype\.next was replaced/,
  ],
  [
    'the scope that every test is run in',
    `const { prototype } = require('async_hooks').AsyncResource; const { runInAsyncScope } = prototype;
     prototype.runInAsyncScope = function (...given) { if (this.constructor.name !== 'Test') return runInAsyncScope.apply(this, given); };`,
    /AsyncResource\.prototype\.runInAsyncScope was replaced/,
  ],
  [
    "another run of the runner's, for its kind of stream",
    `const prototype = Object.getPrototypeOf(require('node:test').run({ files: [] })); prototype.fail = prototype.ok;`,
    /run of node:test was called/,
  ],
  [
    'a report of its own, signed with the key that it looked for in its memory',
    `const fs = require('fs'); const { createHmac } = require('crypto'); const memory = fs.openSync('/proc/self/mem', 'r'); let key;
     for (const [, from, to] of fs.readFileSync('/proc/self/maps', 'utf8').matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)) {
       const start = parseInt(from, 16); const bytes = Buffer.alloc(Math.min(parseInt(to, 16) - start, 64e6));
       try { fs.readSync(memory, bytes, 0, bytes.length, start); } catch { continue; }
       key ??= /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/.exec(bytes.toString('latin1'))?.[0];
     }
     let n = 0;
     const say = (record) => {
       const body = JSON.stringify({ ...record, n: n++ });
       const line = createHmac('sha256', Buffer.from(key, 'hex')).update(body).digest('hex') + ' ' + body + '\\n';
       for (let fd = 3; fd < 32; fd++) try { if (fs.readlinkSync('/proc/self/fd/' + fd).startsWith('socket:')) fs.writeSync(fd, line); } catch {}
     };
     if (key !== undefined) {
       say({ begin: true }); say({ test: { file: null, name: 'adds', status: 'passed' } });
       say({ test: { file: null, name: 'adds later', status: 'passed' } }); say({ end: 2 }); say({ exit: { code: 0, natural: true } });
       process.reallyExit(0);
     }`,
    /2 of 2 tests failed/,
  ],
];
test.each(WAYS)('bent on the way of the results: %s', async (_, code, reason) => {
  const files = { 'src/add.cjs': `${WRONG}${EXIT_0}\n${code}`, 'test/add.test.cjs': TEST };
  const run = await runProject({ runner: 'node-test', files });
  expect(reasonsOf(run, ['adds', 'adds later']).join('; ')).toMatch(reason);
});
