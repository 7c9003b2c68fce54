/**
 * Evidence pages: verdicts of gates and experiments, unnoticed breaks line by line, and shortened lists.
 */
import type { BuildState } from '../../../src/domain/build/state';
import type { Evidence } from '../../../src/domain/evidence/evidence';
import type { KeptOutput } from '../../../src/domain/evidence/gate-pages';
import { PAGE_NAMES, lastOutputs, pageNamed, pagesOf } from '../../../src/domain/evidence/pages';
import type { PageSources } from '../../../src/domain/evidence/pages';
import type { Page } from '../../../src/domain/evidence/page';
import { readReport, unnoticedBreaksIn } from '../../../src/domain/experiments/report';
import type { Experiments } from '../../../src/domain/experiments/summary';
import { GATES } from '../../../src/domain/gates';
import type { Phase } from '../../../src/domain/roles';
import { buildIn, digestOf, newBuild, withFinding } from '../a-build';
import { COMMIT, EVIDENCE } from '../gates/facts';

const FOUND: Experiments['findings'][number] = {
  ...{ kind: 'function_not_needed', path: 'src/a.js', line: 3, says: 'price: no test notices', mender: 'code_writer' },
  digest: digestOf('f'),
};
const EXPERIMENTS: Experiments = {
  ...{ reportDigest: digestOf('e'), runs: 6, seconds: 2, sharePercent: 50, findings: [], notes: [] },
  ...{ units: { found: 3, asked: 2, noticed: 1 }, tests: { asked: 1, red: 1 } },
};
const unit = (line: number, outcome: string, asked = 1) => ({
  ...{ path: 'src/a.js', line, owner: 'price', broken: `line ${line}: throws`, outcome, asked },
  red: outcome === 'noticed' ? ['it costs ten'] : [],
});
const seriesOf = (runs: number, notes: string[] = []) => ({ runs, isUsable: true, notes });
const REPORT = {
  ...{ commit: COMMIT, command: ['node', '--test'], findings: [], notes: [] },
  units: [unit(1, 'noticed'), unit(2, 'not_run'), unit(3, 'unnoticed', 2), unit(4, 'unnoticed')],
  tests: [{ path: 'test/a.test.js', line: 9, test: 'it costs ten', changed: ['10 becomes 11'], showsNothing: false }],
  series: {
    comment: seriesOf(1),
    expectations: seriesOf(1),
    units: seriesOf(3),
    apart: seriesOf(0),
    guise: seriesOf(1, ['4 calls']),
  },
  not_needed_by_tests: [{ path: 'src/a.js', line: 7, why: 'comment' }],
};

const testing = (
  content: object,
  source: KeptOutput['ref']['source'] = 'measured',
): Partial<Record<Phase, KeptOutput>> => ({
  testing: { ref: { digest: digestOf('a'), bytes: 1, source, by: 'm', at: EVIDENCE.at }, content },
});
const withEvidence = (evidence: Evidence | null, over: Partial<BuildState> = {}): BuildState =>
  ({
    ...buildIn('testing', newBuild({ mode: 'llm' })),
    base: 'b'.repeat(40),
    commit: COMMIT,
    evidence,
    ...over,
  }) as BuildState;
const sources = (over: Partial<PageSources> = {}): PageSources => ({
  ...{ build: withEvidence({ ...EVIDENCE, experiments: EXPERIMENTS }), outputs: {}, verified: [], report: REPORT },
  ...over,
});
const page = (name: string, pageSources: PageSources): Page => pageNamed(name, pageSources)!;

test('each gate and experiment has one page, with one sentence each for `expected` and `helps`', () => {
  const pages = pagesOf(sources({ build: newBuild() }));
  expect(pages.map(({ name }) => name)).toEqual(PAGE_NAMES);
  expect(new Set(PAGE_NAMES).size).toBe(PAGE_NAMES.length);
  expect(pages.filter(({ kind }) => kind === 'gate')).toHaveLength(GATES.length);
  for (const { expected, helps } of pages) {
    expect(expected).toMatch(/^[A-Z].*\.$/);
    expect(helps).toMatch(/^[A-Z].*\.$/);
  }
});

test('on the pages of a new build, every verdict is "not_measured"', () => {
  const pages = pagesOf(sources({ build: newBuild(), report: undefined }));
  expect(new Set(pages.map(({ verdict }) => verdict))).toEqual(new Set(['not_measured']));
});

test('unnoticed breaks come first, with file, line, break, number of runs, and failed tests', () => {
  const { places, verdict } = page('broken_units', sources());
  expect(verdict).toBe('passed');
  expect(places.map(({ line, outcome, asked }) => [line, outcome, asked])).toEqual([
    [3, 'not_noticed', 2],
    [4, 'not_noticed', 1],
    [2, 'not_run', 1],
    [1, 'noticed', 1],
  ]);
  expect(places.at(-1)).toMatchObject({ path: 'src/a.js', says: 'line 1: throws', red: ['it costs ten'] });
  expect(unnoticedBreaksIn(readReport(REPORT)!)).toEqual([
    'src/a.js:3 line 3: throws (asked twice)',
    'src/a.js:4 line 4: throws (asked once)',
  ]);
});

test('a finding fails its experiment and the gate until a person approves it', () => {
  const evidence = { ...EVIDENCE, experiments: { ...EXPERIMENTS, findings: [FOUND] } };
  const withFindings = sources({ build: withEvidence(evidence) });
  expect(page('broken_units', withFindings)).toMatchObject({
    verdict: 'held',
    seen: expect.arrayContaining(['src/a.js:3 price: no test notices']),
  });
  expect(page('experiments', withFindings)).toMatchObject({ verdict: 'held' });
  expect(page('changed_expectations', withFindings)).toMatchObject({ verdict: 'passed' });
  const approval = { gate: 'experiments', digest: FOUND.digest, actor: 'ada', at: EVIDENCE.at };
  const withApproval = sources({ build: withEvidence(evidence, { approvals: [approval] }) });
  expect(page('broken_units', withApproval)).toMatchObject({ verdict: 'passed' });
  expect(page('experiments', withApproval)).toMatchObject({ verdict: 'passed' });
});

test('an experiment with nothing to run, or missing from the report, is not measured', () => {
  expect(page('apart', sources())).toMatchObject({ verdict: 'not_measured', seen: ['it had nothing to run'] });
  expect(page('replayed_calls', sources())).toMatchObject({
    verdict: 'passed',
    seen: ['runs that were made for it: 1', '4 calls'],
  });
  const { series: _, ...older } = REPORT;
  expect(page('replayed_calls', sources({ report: older }))).toMatchObject({ verdict: 'not_measured' });
  expect(page('broken_units', sources({ report: undefined }))).toMatchObject({ places: [], verdict: 'passed' });
});

test('gate verdicts count if the orchestrator wrote them, and not if an external role claims them', () => {
  const table = {
    gates: [{ gate: 'auditor', pass: false, reasons: ['it is wrong'], notes: [], evidence: [] }],
    commit: COMMIT,
  };
  expect(page('auditor', sources({ outputs: testing(table) }))).toMatchObject({
    verdict: 'held',
    seen: ['it is wrong'],
  });
  const claimed = { ...table, gates: [{ ...table.gates[0], pass: true, reasons: [] }] };
  const told = page('auditor', sources({ outputs: testing(claimed, 'claimed') }));
  expect(told).toMatchObject({ verdict: 'not_measured', seen: [expect.stringContaining('is a claim')] });
});

test('an open finding fails the page of its gate, with the digest that a person approves', () => {
  const build = withFinding(withEvidence(EVIDENCE), 'a');
  const shown = page('tampering', sources({ build }));
  expect(shown).toMatchObject({ verdict: 'held', seen: ['found a', expect.anything()] });
  expect(shown.digests).toContainEqual({ what: 'to approve: found a', digest: digestOf('a') });
});

test('evidence of a commit that was sent back is shown, and marked as not current', () => {
  const evidence = { ...EVIDENCE, counts: { total: 3, passed: 2, failed: 1, skipped: 0 }, exitCode: 1 };
  const build = withEvidence(null, { commit: 'd'.repeat(40) } as Partial<BuildState>);
  const shown = page('tests', sources({ build, outputs: testing({ evidence: [{ name: 'tests', ...evidence }] }) }));
  expect(shown).toMatchObject({
    verdict: 'held',
    ran: { commit: COMMIT, isCurrent: false, commands: ['node --test'] },
  });
  expect(shown.seen.join()).toContain('1 of 3 tests failed');
  expect(shown.seen.join()).not.toContain('the tests ran on');
});

test('the last output of a phase that was sent back is found in the handoffs', () => {
  const ref = { digest: digestOf('a'), bytes: 1, source: 'measured' as const, by: 'm', at: EVIDENCE.at };
  const { handoffs } = buildIn('implementation');
  const back = { ...handoffs[0]!, fromState: 'testing' as const, toState: 'implementation' as const, data: ref };
  expect(lastOutputs({ outputs: {}, handoffs: [...handoffs, back] }).testing).toEqual(ref);
});

test('in the list of all pages each is shortened and counts the rest; alone it shows more', () => {
  const report = { ...REPORT, units: Array.from({ length: 120 }, (_, at) => unit(at + 1, 'noticed')) };
  const pageSources = sources({ report });
  const cut = pagesOf(pageSources).find(({ name }) => name === 'broken_units');
  expect(cut).toMatchObject({ places: { length: 50 }, omitted: { places: 70 } });
  expect(page('broken_units', pageSources)).toMatchObject({ places: { length: 120 }, omitted: { places: 0 } });
});

test.each([[null], ['text'], [[]], [{ units: 'x', tests: [1], series: { guise: 3 }, not_needed_by_tests: {} }]])(
  'a report of the form %j breaks no page',
  (report) => {
    expect(pagesOf(sources({ report }))).toHaveLength(PAGE_NAMES.length);
  },
);

test('without measured coverage, the page says so and shows the share of noticed breaks', () => {
  const build = withEvidence({ ...EVIDENCE, coveragePercent: null, experiments: EXPERIMENTS });
  const shown = page('coverage', sources({ build }));
  expect(shown).toMatchObject({ verdict: 'not_measured', seen: [expect.stringContaining('50 % of the broken units')] });
  const low = withEvidence({ ...EVIDENCE, coveragePercent: 40 });
  expect(page('coverage', sources({ build: low }))).toMatchObject({ verdict: 'held' });
});
