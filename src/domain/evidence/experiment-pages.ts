/**
 * The evidence pages of the experiments: each shows what was tried, how the tests answered line by line, and what helps.
 *
 * An experiment that did not run is "not measured", never "passed". Pure.
 */
import type { Evidence } from './evidence';
import { readReport } from '../experiments/report';
import { commandText } from './named-evidence';
import {
  baselineResult,
  controlResult,
  coverageResult,
  expectationsResult,
  seriesResult,
  unitsResult,
} from './experiment-results';
import type { ResultSources, ExperimentResult } from './experiment-results';
import type { PageDraft } from './page';

interface ExperimentPage {
  name: string;
  expected: string;
  helps: string;
  readResult(measured: ResultSources & { evidence: Evidence }): ExperimentResult;
}

const EXPERIMENT_PAGES: readonly ExperimentPage[] = [
  {
    name: 'baseline',
    expected: 'What passed on the base commit passes now; tests that fail there, too, or now and then, hold nothing.',
    helps:
      'Mend what turned the named tests red, or let the Test Auditor update a test that a criterion makes obsolete.',
    readResult: baselineResult,
  },
  {
    name: 'negative_control',
    expected: 'A new or changed test fails without the change.',
    helps: 'Write a test of what the change does new; where nothing is new, the plan calls its criteria `kept`.',
    readResult: controlResult,
  },
  {
    name: 'coverage',
    expected: "The tests run the changed lines, counted by the project's own tool.",
    helps: 'Add tests that run the changed lines; set `commands.coverage` where nothing measured them.',
    readResult: coverageResult,
  },
  {
    name: 'comment',
    expected:
      'A comment that is added to each changed source turns no test red, nor do assertions that are left out of its changed lines.',
    helps:
      'Test what the code does, not what its text is; let no assertion do work, since production runs without them.',
    readResult: (measured) => seriesResult(measured, 'comment', ['comment_turns_red', 'needs_assertions']),
  },
  {
    name: 'changed_expectations',
    expected: 'Each new or changed test turns red where one of its expected values is changed.',
    helps: 'Let the test compare what the code answers with a value of its own.',
    readResult: expectationsResult,
  },
  {
    name: 'broken_units',
    expected:
      'Where a function, condition, constant, data file or statement of the change is broken, or a guard put back, a test turns red.',
    helps:
      'Add a test that needs the named line or file, remove the line, or let a person approve an equivalent break.',
    readResult: unitsResult,
  },
  {
    name: 'apart',
    expected: "The Test Auditor's tests pass without the test files of the Code Writer.",
    helps: 'Move what both need into production code or into a helper of the Test Auditor.',
    readResult: (measured) => seriesResult(measured, 'apart', ['passes_only_beside']),
  },
  {
    name: 'replayed_calls',
    expected: 'Calls that the tests made are answered the same in a process that does not look like a test run.',
    helps: 'Take out what tells tests from production: variables, folder, date, network, stack.',
    readResult: (measured) => seriesResult(measured, 'guise', ['answers_differ']),
  },
];

export const EXPERIMENT_NAMES: readonly string[] = EXPERIMENT_PAGES.map(({ name }) => name);

/** Makes one page for each experiment, in the order in which they run. `report`: the parsed JSON that the evidence's `reportDigest` names. */
export function experimentPages(
  build: ResultSources['build'],
  { evidence, report }: { evidence: Evidence | null; report: unknown },
): PageDraft[] {
  const sources = { build, evidence, report: readReport(report) };
  return EXPERIMENT_PAGES.map(({ name, expected, helps, readResult }) => {
    const result: ExperimentResult =
      evidence === null
        ? { verdict: 'not_measured', seen: ['no test run was measured'] }
        : readResult({ ...sources, evidence });
    const run = {
      commit: evidence?.commit ?? null,
      isCurrent: evidence !== null && evidence.commit === build.commit,
      commands: evidence === null || result.verdict === 'not_measured' ? [] : [commandText(evidence)],
    };
    return { name, kind: 'experiment', ran: run, expected, helps, digests: digestsOf(evidence), ...result };
  });
}

function digestsOf(evidence: Evidence | null): NonNullable<PageDraft['digests']> {
  if (evidence === null) return [];
  const report = evidence.experiments?.reportDigest;
  const log = { what: 'log of the run with nothing broken', digest: evidence.logDigest };
  return report === undefined ? [log] : [log, { what: 'report of all experiments', digest: report }];
}
