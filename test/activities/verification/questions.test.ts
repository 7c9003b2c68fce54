/** Tests with real git that lines which check for a test run are findings, if the change adds them. */
import { startPlace } from '../changed-build';
import type { Work } from '../changed-build';

let place: Awaited<ReturnType<typeof startPlace>>;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.stop());

const HELD: Array<[string, Work, RegExp]> = [
  [
    'a source that is right only where jest is',
    { files: [{ path: 'src/rate.js', content: "export const rate =\n  typeof jest === 'undefined' ? 0 : 10;\n" }] },
    /asks whether it is tested \(digest sha256:[0-9a-f]{64}\): src\/rate.js: line 2 asks for a global of a test runner/,
  ],
  [
    'a source in a folder that is named as one of tests',
    { files: [{ path: 'src/spec/rate.js', content: 'export const on = !!process.env.JEST_WORKER_ID;\n' }] },
    /src\/spec\/rate.js: line 1/,
  ],
  [
    'an old source with a new question beside an old one',
    {
      before: { 'src/a.js': "export const on = process.env.CI === 'true';\n" },
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

const HONEST: Array<[string, Work]> = [
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
      before: {
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

test.each(HELD)('%s goes back to the Code Writer', async (_name, work, reason) => {
  const { outcome } = await place.judge(work);
  expect(outcome.objections.join('\n')).toMatch(reason);
  expect(outcome).toMatchObject({ by: 'orchestrator', usage: { calls: 0 } });
});

test.each(HONEST)('%s is no question', async (_name, work) => {
  const { outcome } = await place.judge(work);
  expect(outcome.objections.filter((one) => one.startsWith('asks_whether_tested'))).toEqual([]);
});

test('a question is a finding of exactly its lines: a person may approve it, and then it holds nothing', async () => {
  const asking = { path: 'src/rate.js', content: 'export const isQuiet = process.env.CI !== undefined;\n' };
  const held = await place.judge({ files: [asking] });
  const [finding] = held.outcome.findings?.found ?? [];
  expect(finding).toMatchObject({ gate: 'asks_whether_tested', mender: 'code_writer', onReject: 'implementation' });
  const shown: unknown = JSON.parse(String(await place.deps.artifacts.get(finding?.digest ?? '')));
  expect(shown).toMatchObject({ path: 'src/rate.js', lines: [{ line: 1, text: asking.content.trim() }] });
  const approval = { gate: 'asks_whether_tested', digest: finding?.digest ?? '', actor: 'ada', at: '' };
  const passed = await place.judge({ files: [asking], approvals: [approval] });
  expect(passed.outcome).toMatchObject({ by: 'stub:overseer', objections: [] });
});
