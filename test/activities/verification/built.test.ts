/** Tests that a build command which rewrites sources is refused, because the release would differ from the tested files (B1). */
import { startVerification } from '../changed-build';
import type { Work } from '../changed-build';

let verification: Awaited<ReturnType<typeof startVerification>>;
beforeAll(async () => {
  verification = await startVerification();
});
afterAll(() => verification.stop());

const SUM = { path: 'src/sum.js', content: 'export const sum = (...all) => all.reduce((a, b) => a + b, 0);\n' };
const COPY = "fs.copyFileSync('src/sum.js', 'dist.js')";
const STAMP = "fs.writeFileSync('src/version.js', 'export default ' + Math.random() + ';\\n')";
const withBuildCommand = (script: string) => ({
  commands: { test: ['true'], build: ['node', '-e', `const fs = require('node:fs'); ${script}; fs.mkdirSync('out')`] },
});

const REFUSED: Array<[string, Work]> = [
  [
    'a build that runs a script of the Code Writer, which writes another source',
    {
      files: [SUM, { path: 'src/more.js', content: "require('node:fs').writeFileSync('src/sum.js', '//');\n" }],
      commands: { test: ['true'], build: ['sh', '-c', 'test ! -e src/more.js || cp src/more.js src/sum.js'] },
    },
  ],
  [
    'a build that deletes a source',
    {
      files: [SUM, { path: 'gone.txt', content: 'x\n' }],
      ...withBuildCommand("if (fs.existsSync('gone.txt')) fs.rmSync('src/sum.js')"),
    },
  ],
];

const HONEST: Array<[string, Work]> = [
  ['a build that writes output', { files: [SUM], ...withBuildCommand(COPY) }],
  [
    'a build that stamps a version into a source, as it does at the base',
    {
      files: [SUM],
      baseFiles: { 'src/version.js': 'export default 0;\n' },
      report: { technical_notes: ['x'] },
      ...withBuildCommand(STAMP),
    },
  ],
];

test.each(REFUSED)('%s is refused', async (_name, work) => {
  const { outcome } = await verification.judge(work);
  expect(outcome.objections.join('\n')).toMatch(/types: build: it changes these files of the commit, .*: src\/sum.js/);
});

test.each(HONEST)('%s passes', async (_name, work) => {
  const { outcome } = await verification.judge(work);
  expect(outcome).toMatchObject({ by: 'stub:overseer', objections: [] });
});
