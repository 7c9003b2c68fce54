/** B1, with the real sandbox: sources that a run writes are listed, also if it restores them; other files are not. */
import { runProject } from './run-project';

const WRONG = 'export const sum = () => 0;\n';
const RIGHT = 'export const sum = (a, b) => a + b;\n';
const CHECK = "import assert from 'node:assert';\nimport test from 'node:test';\n";
const LATE = "const { sum } = await import('../src/sum.js');\ntest('adds', () => assert.equal(sum(1, 2), 3));\n";
const write = (text: string) =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync('src/sum.js', ${JSON.stringify(text)});\n`;

const run = (test: string, more: Record<string, string> = {}) =>
  runProject({
    command: ['node', '--test', 'test/sum.test.js'],
    files: { 'package.json': '{"type":"module"}', 'src/sum.js': WRONG, 'test/sum.test.js': test, ...more },
    coverage: false,
  });

test('a test that replaces the wrong source by the right one when it is loaded is found', async () => {
  const ran = await run(`${CHECK}${write(RIGHT)}${LATE}`);
  expect(ran).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: ['src/sum.js'] });
});

test('a test that replaces the source and restores it with its times at the end is found', async () => {
  const back = `import { statSync, utimesSync } from 'node:fs';
const { atime, mtime } = statSync('src/sum.js');
process.on('exit', () => { writeFileSync('src/sum.js', ${JSON.stringify(WRONG)}); utimesSync('src/sum.js', atime, mtime); });
`;
  const ran = await run(`${CHECK}${back}${write(RIGHT)}${LATE}`);
  expect(ran).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: ['src/sum.js'] });
});

test('a test that moves the source away and back again is found', async () => {
  const moved = `import { renameSync } from 'node:fs';
renameSync('src/sum.js', 'src/kept.js');
process.on('exit', () => renameSync('src/kept.js', 'src/sum.js'));
`;
  const ran = await run(`${CHECK}${moved}${write(RIGHT)}${LATE}`);
  expect(ran).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: ['src/sum.js'] });
});

test('snapshots, caches, output and fixtures do not count as sources', async () => {
  const honest = `import { mkdirSync, writeFileSync, rmSync } from 'node:fs';
mkdirSync('test/__snapshots__');
writeFileSync('test/__snapshots__/sum.snap', 'x');
mkdirSync('dist');
writeFileSync('dist/sum.js', 'built');
writeFileSync('src/.cache.js', '');
rmSync('src/.cache.js');
writeFileSync('test/data.json', '{}');
`;
  const ran = await run(`${CHECK}${honest}${LATE}`, { 'src/sum.js': RIGHT, 'test/data.json': '[]' });
  expect(ran).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: [] });
});

test('files that the worker adds to the tree do not count as written by the run', async () => {
  const path = 'test/sum.test.js';
  const ran = await runProject({
    command: ['node', '--test', path],
    files: { 'package.json': '{"type":"module"}', 'src/sum.js': RIGHT, [path]: 'throw new Error();' },
    locked: [{ path, text: `${CHECK}${LATE}` }],
    coverage: false,
  });
  expect(ran).toMatchObject({ counts: { passed: 1, failed: 0 }, rewritten: [] });
});
