/**
 * The report of testing: the Test Auditor's answer, and beside it every run that was measured and every gate over the answer.
 */
import type { GateVerdict } from '../../domain/gates/gate';
import type { NamedEvidence } from '../../domain/evidence/named-evidence';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { keepDiff } from '../keep-diff';
import type { PhaseOutput } from '../outputs';
import type { Added, Given } from './auditor-tests';
import type { Measured } from './measure';
import type { Touched } from './tampering';

/** What the tests say, before and after the auditor has added its own. */
interface Runs {
  /** Undefined where nothing says how tests are run before the auditor has spoken. */
  given: Given | undefined;
  /** Undefined where nothing was added. */
  withAdded: Measured | undefined;
}

export interface Report {
  output: PhaseOutput<'testing'>;
  added: Added;
  /** Over the answer; those over the run can be judged again from the evidence. */
  gates: GateVerdict[];
  runs: Runs;
  measured: Measured;
  span: { from: string; to: string };
  touched: Touched;
}

/** The auditor's answer beside what was measured: its words alone would be a claim. */
export async function keepReport(deps: Deps, task: PhaseTask, report: Report) {
  const { output, added, gates, runs, measured, span, touched } = report;
  const updated = new Set(output.tests_updated.map(({ path }) => path));
  const { given, withAdded } = runs;
  // The run before its own tests were added was measured too: the record shows every run.
  const before: NamedEvidence[] =
    given !== undefined && withAdded !== undefined ? [{ name: 'tests_before', ...given.evidence }] : [];
  const evidence: NamedEvidence[] = [...before, { name: 'tests', ...measured.evidence }];
  const kept = {
    ...output,
    gates,
    evidence,
    tests: measured.tests.map(({ file, name, status }) => ({ file, name, status })),
    diff: await keepDiff(deps, task, span),
    // What could not be written is named as it was offered.
    tests_added: [...new Set([...output.tests_added, ...added.files].map(({ path }) => path))].filter(
      (path) => !updated.has(path),
    ),
    tests_updated: output.tests_updated.map(({ path, criterion_id, reason }) => ({ path, criterion_id, reason })),
    test_edits: touched.spared,
  };
  return deps.artifacts.put(JSON.stringify(kept));
}
