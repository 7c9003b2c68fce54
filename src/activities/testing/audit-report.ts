/**
 * Stores the report of the testing phase: the Test Auditor's answer, with every measured test run and every gate's verdict.
 */
import type { GateVerdict } from '../../domain/gates/gate';
import type { NamedEvidence } from '../../domain/evidence/named-evidence';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { keepDiff } from '../keep-diff';
import type { PhaseOutput } from '../outputs';
import type { AddedTests, FirstRun } from './auditor-tests';
import type { Measured } from './measure';
import type { Touched } from './tampering';

/** The test runs before and after the auditor added its tests. */
interface Runs {
  /** The run before the auditor answered; undefined where no test command was known then. */
  firstRun: FirstRun | undefined;
  /** Undefined where the auditor added no test. */
  withAdded: Measured | undefined;
}

export interface Report {
  output: PhaseOutput<'testing'>;
  added: AddedTests;
  /** The verdicts about the answer. Verdicts about the run are not stored: they follow from the evidence. */
  gates: GateVerdict[];
  runs: Runs;
  measured: Measured;
  span: { from: string; to: string };
  touched: Touched;
}

/** Stores the auditor's answer together with the measurements. The answer alone would be a claim. */
export async function keepReport(deps: Deps, task: PhaseTask, report: Report) {
  const { output, added, gates, runs, measured, span, touched } = report;
  const updated = new Set(output.tests_updated.map(({ path }) => path));
  const { firstRun, withAdded } = runs;
  // The record shows the run before the auditor's tests too.
  const before: NamedEvidence[] =
    firstRun !== undefined && withAdded !== undefined ? [{ name: 'tests_before', ...firstRun.evidence }] : [];
  const evidence: NamedEvidence[] = [...before, { name: 'tests', ...measured.evidence }];
  const kept = {
    ...output,
    gates,
    evidence,
    tests: measured.tests.map(({ file, name, status }) => ({ file, name, status })),
    diff: await keepDiff(deps, task, span),
    // Files of the answer that could not be written are listed too.
    tests_added: [...new Set([...output.tests_added, ...added.files].map(({ path }) => path))].filter(
      (path) => !updated.has(path),
    ),
    tests_updated: output.tests_updated.map(({ path, criterion_id, reason }) => ({ path, criterion_id, reason })),
    test_edits: touched.spared,
  };
  return deps.artifacts.put(JSON.stringify(kept));
}
