/** B1, with the real sandbox: a run lists the sources that it wrote, also those that it restored, and no other files. */
import { runProject } from './run-project';

const WRONG = 'export const sum = () => 0;\n';
const RIGHT = 'export const sum = (a, b) => a + b;\n';
const IMPORTS = "import assert from 'node:assert';\nimport test from 'node:test';\n";
const SUM_TEST = "const { sum } = await import('../src/sum.js');\ntest('adds', () => assert.equal(sum(1, 2), 3));\n";
const codeThatWrites = (text: string) =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync('src/sum.js', ${JSON.stringify(text)});\n`;

const run = (test: string, files: Record<string, string> = {}) =>
  runProject({
    command: ['node', '--test', 'test/sum.test.js'],
    files: { 'package.json': '{"type":"module"}', 'src/sum.js': WRONG, 'test/sum.test.js': test, ...files },
    coverage: false,
  });

test('a test that replaces the wrong source by the right one when it is loaded is found', async () => {
  const testRun = await run(`${IMPORTS}${codeThatWrites(RIGHT)}${SUM_TEST}`);
  expect(testRun).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: ['src/sum.js'] });
});

test('a test that replaces the source and restores it with its times at the end is found', async () => {
  const codeThatRestores = `import { statSync, utimesSync } from 'node:fs';
const { atime, mtime } = statSync('src/sum.js');
process.on('exit', () => { writeFileSync('src/sum.js', ${JSON.stringify(WRONG)}); utimesSync('src/sum.js', atime, mtime); });
`;
  const testRun = await run(`${IMPORTS}${codeThatRestores}${codeThatWrites(RIGHT)}${SUM_TEST}`);
  expect(testRun).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: ['src/sum.js'] });
});

test('a test that moves the source away and back again is found', async () => {
  const codeThatMoves = `import { renameSync } from 'node:fs';
renameSync('src/sum.js', 'src/kept.js');
process.on('exit', () => renameSync('src/kept.js', 'src/sum.js'));
`;
  const testRun = await run(`${IMPORTS}${codeThatMoves}${codeThatWrites(RIGHT)}${SUM_TEST}`);
  expect(testRun).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: ['src/sum.js'] });
});

test('snapshots, caches, output and fixtures do not count as sources', async () => {
  const codeThatWritesOthers = `import { mkdirSync, writeFileSync, rmSync } from 'node:fs';
mkdirSync('test/__snapshots__');
writeFileSync('test/__snapshots__/sum.snap', 'x');
mkdirSync('dist');
writeFileSync('dist/sum.js', 'built');
writeFileSync('src/.cache.js', '');
rmSync('src/.cache.js');
writeFileSync('test/data.json', '{}');
`;
  const testRun = await run(`${IMPORTS}${codeThatWritesOthers}${SUM_TEST}`, {
    'src/sum.js': RIGHT,
    'test/data.json': '[]',
  });
  expect(testRun).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: [] });
});

test('files that the worker adds to the tree do not count as written by the run', async () => {
  const path = 'test/sum.test.js';
  const testRun = await runProject({
    command: ['node', '--test', path],
    files: { 'package.json': '{"type":"module"}', 'src/sum.js': RIGHT, [path]: 'throw new Error();' },
    lockedTests: [{ path, text: `${IMPORTS}${SUM_TEST}` }],
    coverage: false,
  });
  expect(testRun).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: [] });
});
