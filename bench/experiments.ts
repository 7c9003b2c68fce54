/**
 * Bench `experiments`: compares the time of experiments on a change with one run of the project's own command, for a suite of
 * one second and one of twenty, and measures the demo from its start to its summary.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { runExperiments } from '../src/activities/experiments/run-experiments';
import { measureTests } from '../src/activities/testing/measure';
import { isTestPath } from '../src/domain/files';
import { readConfig } from '../src/programs/config';
import { createDependencies } from '../src/programs/wiring';
import { atMost, spreadCells, SPREAD_COLUMNS, spreadOf } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { makeFolder } from './stage';

const SUITES = [
  { name: 'a suite of 1 s', files: 10, busyMs: 100, limitS: 25 },
  { name: 'a suite of 20 s', files: 20, busyMs: 1_000, limitS: 60 },
] as const;
const DEMO_LIMIT_S = 25;

export const experiments: Bench = {
  name: 'experiments',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const rounds = quick ? 1 : 3;
    const sides = [];
    for (const suite of SUITES) sides.push({ ...suite, ...(await timeSuite(suite, rounds)) });
    const demo = [];
    for (let round = 0; round < rounds; round += 1) demo.push(await timeDemo());
    return {
      title: `experiments beside the plain command, ${rounds} rounds`,
      notes: [
        'real git, real sandbox, node --test; each test file is busy for a set time, and the change adds one function with its tests',
        'plain: the command in a folder, without a sandbox; experiments: time of all experiments at the default budget; the first, unbroken test run is not counted',
      ],
      columns: ['', ...SPREAD_COLUMNS, 'runs', 'breaks tried'],
      rows: [
        ...sides.flatMap(({ name, plain, experimentSeconds, runs, breaksTried }) => [
          [`${name}: plain`, ...spreadCells(plain, 's'), '1', ''],
          [`${name}: experiments`, ...spreadCells(experimentSeconds, 's'), runs.join(', '), breaksTried.join(', ')],
        ]),
        ['the demo, from start to summary', ...spreadCells(demo, 's'), '', ''],
      ],
      figures: [
        ...sides.map(({ name, experimentSeconds, limitS }) =>
          atMost(`experiments: ${name}`, limitS, spreadOf(experimentSeconds).max, ' s'),
        ),
        atMost('experiments: the demo', DEMO_LIMIT_S, spreadOf(demo).p50, ' s'),
      ],
    };
  },
};

const MANIFEST = '{ "name": "till", "type": "module", "scripts": { "test": "node --test" } }\n';
const PRICE = `export function price(n) {
  if (n < 0) throw new RangeError('a number of goods is no less than 0');
  const each = n > 10 ? 9 : 10;
  return n * each;
}
`;
const PRICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { price } from '../src/price.js';
test('few have the full price', () => assert.equal(price(2), 20));
test('ten have the full price', () => assert.equal(price(10), 100));
test('more than ten are cheaper', () => assert.equal(price(11), 99));
test('less than none are refused', () => assert.throws(() => price(-1), RangeError));
`;

/** Gives the text of an old test file that keeps its process busy. */
const oldTest = (index: number, busyMs: number): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
test('old ${index}', () => {
  const end = Date.now() + ${busyMs};
  let sum = 0;
  while (Date.now() < end) sum += 1;
  assert.ok(sum > 0);
});
`;

type Suite = Pick<(typeof SUITES)[number], 'files' | 'busyMs'>;

async function timeSuite({ files, busyMs }: Suite, rounds: number) {
  const base: Record<string, string> = { 'package.json': MANIFEST };
  for (let index = 0; index < files; index += 1) base[`test/old-${index}.test.js`] = oldTest(index, busyMs);
  const change = { 'src/price.js': PRICE, 'test/price.test.js': PRICE_TEST };
  const folder = await makeFolder();
  await writeFiles(folder, { ...base, ...change });
  const sides = {
    plain: [] as number[],
    experimentSeconds: [] as number[],
    runs: [] as number[],
    breaksTried: [] as string[],
  };
  for (let round = 0; round < rounds; round += 1) {
    sides.plain.push(await timed(() => promisify(execFile)('npm', ['test'], { cwd: folder })));
    const { seconds, runs, breaksTried } = await timeExperiments(base, change);
    sides.experimentSeconds.push(seconds);
    sides.runs.push(runs);
    sides.breaksTried.push(breaksTried);
  }
  return sides;
}

/** Runs the experiments in new stores, so that no answer of an earlier round is reused. */
async function timeExperiments(base: Record<string, string>, change: Record<string, string>) {
  const folder = await makeFolder();
  const deps = createDependencies(readConfig({ DATA_DIR: join(folder, 'data') }), undefined as never);
  const repo = { projectId: 'till', buildId: 'bench' };
  const empty = await deps.workspace.prepare(repo);
  const from = await deps.workspace.apply({ ...repo, ...empty }, changesOf(base), 'base');
  const { commit } = await deps.workspace.apply({ ...repo, commit: from.commit }, changesOf(change), 'change');
  const changedTests = [{ path: 'test/price.test.js', text: PRICE_TEST }];
  const run = async () => {
    const measured = await measureTests(deps, {
      ...{
        repo,
        base: from.commit,
        commit,
        commands: undefined,
        overrides: {},
        approved: [],
        needsControl: false,
        changedTests,
      },
      ...{ locked: { files: [], lock: null }, isTest: isTestPath, keepsAll: false },
      excused: { moved: new Map<string, string>(), mayBeLost: () => false },
    });
    if (measured === undefined) throw new Error('no way to run the tests');
    const startedAt = performance.now();
    const result = await runExperiments(deps, { ...measured.candidate, keepsAll: false, overrides: undefined });
    const seconds = (performance.now() - startedAt) / 1_000;
    if (result.findings.length > 0)
      throw new Error(`the experiments have a finding about a correct change: ${result.findings[0]?.says}`);
    return { seconds, runs: result.runs, breaksTried: `${result.units.asked} of ${result.units.found}` };
  };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run(run) as ReturnType<typeof run>;
}

const changesOf = (files: Record<string, string>) =>
  Object.entries(files).map(([path, content]) => ({ path, content }));

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Runs the demo as a newcomer does, and gives the seconds until its summary. Fails if the build does not reach its release. */
async function timeDemo(): Promise<number> {
  const startedAt = performance.now();
  let summaryAfterMs: number | undefined;
  let output = '';
  const demo = promisify(execFile)('npm', ['run', 'demo'], { cwd: join(__dirname, '..') });
  demo.child.stdout?.on('data', (text: string) => {
    output += text;
    if (/^ +Next /m.test(output)) summaryAfterMs ??= performance.now() - startedAt;
  });
  await demo;
  if (summaryAfterMs === undefined) throw new Error('the demo ended without a summary');
  return summaryAfterMs / 1_000;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  return seconds;
}
