/** B1: tests that a build which rewrites sources of the commit is refused, because the release would differ from the tested files. */
import { startPlace } from '../changed-build';
import type { Work } from '../changed-build';

let place: Awaited<ReturnType<typeof startPlace>>;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.stop());

const SUM = { path: 'src/sum.js', content: 'export const sum = (...all) => all.reduce((a, b) => a + b, 0);\n' };
const COPY = "fs.copyFileSync('src/sum.js', 'dist.js')";
const STAMP = "fs.writeFileSync('src/version.js', 'export default ' + Math.random() + ';\\n')";
const building = (script: string) => ({
  commands: { test: ['true'], build: ['node', '-e', `const fs = require('node:fs'); ${script}; fs.mkdirSync('out')`] },
});
const says = (word: string) => ({ technical_notes: [word] });

const HELD: Array<[string, Work]> = [
  [
    'a build that runs a script of the Code Writer, which writes another source',
    {
      files: [SUM, { path: 'src/more.js', content: "require('node:fs').writeFileSync('src/sum.js', '//');\n" }],
      commands: { test: ['true'], build: ['sh', '-c', 'test ! -e src/more.js || cp src/more.js src/sum.js'] },
    },
  ],
  [
    'a build that takes a source away',
    {
      files: [SUM, { path: 'gone.txt', content: 'x\n' }],
      ...building("if (fs.existsSync('gone.txt')) fs.rmSync('src/sum.js')"),
    },
  ],
];

const HONEST: Array<[string, Work]> = [
  ['a build that writes output', { files: [SUM], ...building(COPY) }],
  [
    'a build that stamps a version into a source, as it does at the base',
    { files: [SUM], before: { 'src/version.js': 'export default 0;\n' }, says: says('x'), ...building(STAMP) },
  ],
];

test.each(HELD)('%s is refused', async (_name, work) => {
  const { outcome } = await place.judge(work);
  expect(outcome.objections.join('\n')).toMatch(/types: build: it changes these files of the commit, .*: src\/sum.js/);
});

test.each(HONEST)('%s passes', async (_name, work) => {
  const { outcome } = await place.judge(work);
  expect(outcome).toMatchObject({ by: 'stub:overseer', objections: [] });
});
