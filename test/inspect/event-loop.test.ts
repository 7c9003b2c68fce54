/** Checks that reading large trees does not block the event loop: heartbeats are sent meanwhile, also on a busy machine. */
import { findDelivered } from '../../src/inspect/delivered/delivered';
import { findJudges } from '../../src/inspect/judges/find-judges';
import { wiringOf } from '../../src/inspect/wiring/wiring';
import { cpuMs } from '../cpu';
import { MOST_GROWTH, TIMES_LARGER, growthOf } from './growth';
import { treeOf } from './delivered/example-tree';

/** This thread needs 200 ms on a quiet machine; the measured time includes the compiler and the garbage collector. */
const LONGEST_MS = 600;

/** The longest processor time for which the event loop was blocked. */
async function longestBlockMs(work: () => Promise<unknown>): Promise<number> {
  let isDone = false;
  let longest = 0;
  let last = cpuMs();
  const tick = (): void => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  await new Promise((resolve) => setImmediate(resolve));
  isDone = true;
  return longest;
}

/** A package of this many modules in folders. Each imports three others and names files that do not exist. */
function modules(count: number, ending: string): Record<string, string> {
  const place = (at: number): string => `src/part${at % 50}/way/down/module${at}${ending}`;
  const from = (at: number): string => `../../../part${at % 50}/way/down/module${at}${ending}`;
  const text = (at: number): string =>
    [
      ...[1, 2, 3].map((step) => `import { f${(at + step) % count} } from '${from((at + step) % count)}';`),
      `export function f${at}(one, two) {`,
      ...Array.from({ length: 12 }, (_, line) => `  if (one.at(${line}) > two.size) return ['a/b.${line}', "c.d"];`),
      `  return f${(at + 1) % count}(one, two);\n}\n`,
    ].join('\n');
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [place(at), text(at)]));
}

test('judges are found among 5,000 files', async () => {
  const files = { 'package.json': '{"name":"a"}', ...modules(5_000, '.js') };
  const texts = new Map(Object.entries(files));
  const tree = { paths: [...texts.keys()], texts, testFilesRun: [], testPrograms: [], programs: [], manifestKeys: [] };
  const block = await longestBlockMs(async () => {
    const judges = await findJudges({ ...tree, isSetting: () => false });
    expect(judges.why('src/part0/way/down/module0.js')).toBeUndefined();
  });
  expect(block).toBeLessThan(LONGEST_MS);
});

test('calls between modules are found in 250 files of 5,000', async () => {
  const base = { 'package.json': '{"name":"a","scripts":{"start":"node index.js"}}', ...modules(5_000, '.js') };
  const files = { 'index.js': "import { f1 } from './src/part1/way/down/module1.js';\nf1([], new Set());\n" };
  const tree = treeOf({ base, files });
  expect(await longestBlockMs(() => wiringOf(tree))).toBeLessThan(LONGEST_MS);
});

describe('the time grows linearly with the size of the tree', () => {
  const numbered = (count: number, textOf: (at: number) => [path: string, text: string]): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => textOf(at)));

  test.each<[string, number, (size: number) => unknown]>([
    [
      'a module that imports 4,000 others completely',
      4_000,
      (size) => {
        const lines = Array.from({ length: size }, (_, at) => `const m${at} = require('./m${at}.js');\nm${at}.run();`);
        return wiringOf(
          treeOf({ base: { 'm0.js': 'exports.run = () => 1;\n' }, files: { 'index.js': lines.join('\n') } }),
        );
      },
    ],
    [
      'a manifest that exports 5,000 modules',
      5_000,
      (size) => {
        const files = numbered(size, (at) => [`way/m${at}.js`, '']);
        const exports = Object.fromEntries(Object.keys(files).map((path) => [`./${path}`, `./${path}`]));
        const base = { ...files, 'package.json': JSON.stringify({ name: 'a', exports }) };
        return wiringOf(treeOf({ base, files: { 'a.js': 'export const a = () => 1;\n' } }));
      },
    ],
    [
      '3,000 scripts and a .gitignore of 20,000 lines',
      3_000,
      (size) => {
        const ignored = Array.from({ length: (size / 3) * 20 }, (_, at) => `# ${'a'.repeat(200)}${at}`).join('\n');
        const base = { ...numbered(size, (at) => [`way/m${at}.js`, '']), '.gitignore': ignored };
        return findDelivered(treeOf({ base, files: { 'a.js': 'export const a = 1;\n' } }));
      },
    ],
    [
      'a change of 2,000 modules with one name',
      2_000,
      (size) => {
        const files = numbered(size, (at) => [`part${at}/index.js`, `exports.f${at} = g${at};\n`]);
        return findDelivered(treeOf({ base: {}, files }));
      },
    ],
    [
      '8,000 files of one crate',
      8_000,
      (size) => {
        const base = numbered(size, (at) => [`src/m${at}.rs`, '']);
        return wiringOf(treeOf({ base, files: { 'src/main.rs': 'fn main() { run(); }\nfn run() {}\n' } }));
      },
    ],
  ])('%s', async (_what, size, work) => {
    expect(await growthOf({ small: size / TIMES_LARGER, large: size }, 10, work)).toBeLessThan(MOST_GROWTH);
  });
});
