/** Tests harmful lines with real git: lines that the change adds are findings, and lines of the base are not. */
import { startVerification } from '../changed-build';
import type { Work } from '../changed-build';

let verification: Awaited<ReturnType<typeof startVerification>>;
beforeAll(async () => {
  verification = await startVerification();
});
afterAll(() => verification.stop());

const harmfulLines = async (work: Work): Promise<string[]> => {
  const { outcome } = await verification.judge(work);
  return outcome.objections.filter((one) => one.startsWith('harmful_lines'));
};
const CALL = "export const rates = () => fetch('https://rates.example.net/day');\n";

test('a line that runs text is a finding of exactly its lines: after a person approved it, the change passes', async () => {
  const files = [{ path: 'src/read.js', content: 'export const read = (text) =>\n  eval(text);\n' }];
  const { outcome } = await verification.judge({ files });
  const [finding] = outcome.findings?.found ?? [];
  expect(finding).toMatchObject({ gate: 'harmful_lines', mender: 'code_writer', onReject: 'implementation' });
  const shown: unknown = JSON.parse(String(await verification.deps.artifacts.get(finding?.digest ?? '')));
  expect(shown).toMatchObject({ path: 'src/read.js', lines: [{ line: 2, does: 'runs text as code' }] });
  const approval = { gate: 'harmful_lines', digest: finding?.digest ?? '', actor: 'ada', at: '' };
  const passed = await verification.judge({ files, approvals: [approval] });
  expect(passed.outcome).toMatchObject({ by: 'stub:overseer', objections: [] });
});

test('a call of a host that the base does not name is a finding, and of a host that it names is not', async () => {
  expect((await harmfulLines({ files: [{ path: 'src/rates.js', content: CALL }] })).join()).toMatch(
    /line 1 calls the host rates\.example\.net/,
  );
  const baseFiles = { 'README.md': 'Rates come from https://rates.example.net\n' };
  expect(await harmfulLines({ baseFiles, files: [{ path: 'src/rates.js', content: CALL }] })).toEqual([]);
});

test('a line that was there before, or that moved into another file, is no finding', async () => {
  const line = 'export const read = (text) => eval(text);\n';
  const files = [
    { path: 'src/read.js', content: 'export const a = 1;\n' },
    { path: 'src/moved.js', content: line },
  ];
  expect(await harmfulLines({ baseFiles: { 'src/read.js': line }, files })).toEqual([]);
});

test('a number that weakens a protection is a finding that shows the old value', async () => {
  const text = (max: number) =>
    `import { rateLimit } from './limit.js';\nexport const limiter = rateLimit({ max: ${max} });\n`;
  const path = 'src/limiter.js';
  const { outcome } = await verification.judge({
    baseFiles: { [path]: text(5) },
    files: [{ path, content: text(5000) }],
  });
  const finding = outcome.findings?.found.find(({ gate }) => gate === 'harmful_lines');
  const shown = String(await verification.deps.artifacts.get(finding?.digest ?? ''));
  expect(shown).toMatch(/raises a limit of attempts/);
  expect(shown).toMatch(/max: 5000.*was: export const limiter.*max: 5 /);
  expect(await harmfulLines({ baseFiles: { [path]: text(5) }, files: [{ path, content: text(9) }] })).toEqual([]);
});

test('a panic of arithmetic is a finding, unless the manifest keeps it for the release or the source panics by itself', async () => {
  const source = 'pub fn line(cents: u64, count: u64) -> u64 {\n    cents * count\n}\n';
  const tests =
    '#[test]\n#[should_panic(expected = "overflow")]\nfn too_large() {\n    till::line::line(u64::MAX, 2);\n}\n';
  const files = [
    { path: 'src/line.rs', content: source },
    { path: 'tests/line.rs', content: tests },
  ];
  expect((await harmfulLines({ files })).join()).toMatch(/needs a panic of arithmetic/);
  const baseFiles = { 'Cargo.toml': '[profile.release]\noverflow-checks = true\n' };
  expect(await harmfulLines({ baseFiles, files })).toEqual([]);
  const checked = source.replace('cents * count', 'cents.checked_mul(count).expect("overflow")');
  expect(await harmfulLines({ files: [{ path: 'src/line.rs', content: checked }, ...files.slice(1)] })).toEqual([]);
});
