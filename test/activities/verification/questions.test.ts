/** Tests with real git that lines which check for a test run are findings, if the change adds them. */
import { startVerification } from '../changed-build';
import type { Work } from '../changed-build';

let verification: Awaited<ReturnType<typeof startVerification>>;
beforeAll(async () => {
  verification = await startVerification();
});
afterAll(() => verification.stop());

const REFUSED: Array<[string, Work, RegExp]> = [
  [
    'a source that is right only if jest is defined',
    { files: [{ path: 'src/rate.js', content: "export const rate =\n  typeof jest === 'undefined' ? 0 : 10;\n" }] },
    /asks whether it is tested \(digest sha256:[0-9a-f]{64}\): src\/rate.js: line 2 asks for a global of a test runner/,
  ],
  [
    'a source in a folder that is named as one of tests',
    { files: [{ path: 'src/spec/rate.js', content: 'export const on = !!process.env.JEST_WORKER_ID;\n' }] },
    /src\/spec\/rate.js: line 1/,
  ],
  [
    'an old source that gets a second line that asks',
    {
      baseFiles: { 'src/a.js': "export const on = process.env.CI === 'true';\n" },
      files: [
        {
          path: 'src/a.js',
          content: "export const on = process.env.CI === 'true';\nexport const off = !process.env.CI;\n",
        },
      ],
    },
    /src\/a.js: line 2 asks [^,]*; take/,
  ],
];

const ACCEPTED: Array<[string, Work]> = [
  [
    'a test, a setting and a document that know of tests',
    {
      files: [
        { path: 'test/sum.test.js', content: "if (process.env.CI) console.log('slow');\n" },
        {
          path: 'webpack.config.js',
          content: "export default { mode: process.env.NODE_ENV === 'test' ? 'a' : 'b' };\n",
        },
        { path: 'README.md', content: "`typeof jest === 'undefined'`\n" },
      ],
    },
  ],
  [
    'a line that was there before, moved within its file and into another',
    {
      baseFiles: {
        'src/a.js':
          "export const a = 1;\nexport const on = process.env.CI === 'true';\nexport const b = process.env.CI ?? '';\n",
      },
      files: [
        { path: 'src/a.js', content: "export const on = process.env.CI === 'true';\nexport const a = 1;\n" },
        { path: 'src/b.js', content: "export const b = process.env.CI ?? '';\n" },
      ],
    },
  ],
];

test.each(REFUSED)('%s goes back to the Code Writer', async (_name, work, reason) => {
  const { outcome } = await verification.judge(work);
  expect(outcome.objections.join('\n')).toMatch(reason);
  expect(outcome).toMatchObject({ by: 'orchestrator', usage: { calls: 0 } });
});

test.each(ACCEPTED)('%s is no finding', async (_name, work) => {
  const { outcome } = await verification.judge(work);
  expect(outcome.objections.filter((one) => one.startsWith('asks_whether_tested'))).toEqual([]);
});

test('a line that asks is a finding of exactly this line: after a person approved it, the change passes', async () => {
  const askingFile = { path: 'src/rate.js', content: 'export const isQuiet = process.env.CI !== undefined;\n' };
  const refused = await verification.judge({ files: [askingFile] });
  const [finding] = refused.outcome.findings?.found ?? [];
  expect(finding).toMatchObject({ gate: 'asks_whether_tested', mender: 'code_writer', onReject: 'implementation' });
  const shown: unknown = JSON.parse(String(await verification.deps.artifacts.get(finding?.digest ?? '')));
  expect(shown).toMatchObject({ path: 'src/rate.js', lines: [{ line: 1, text: askingFile.content.trim() }] });
  const approval = { gate: 'asks_whether_tested', digest: finding?.digest ?? '', actor: 'ada', at: '' };
  const passed = await verification.judge({ files: [askingFile], approvals: [approval] });
  expect(passed.outcome).toMatchObject({ by: 'stub:overseer', objections: [] });
});
