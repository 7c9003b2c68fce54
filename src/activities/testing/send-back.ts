/**
 * Sends work back to the Code Writer without a call of the Test Auditor's model, and gives the reasons.
 */
import { keyOf } from '../../domain/evidence/baseline';
import type { Evidence } from '../../domain/evidence/evidence';
import type { NamedEvidence } from '../../domain/evidence/named-evidence';
import { compileErrorFiles } from '../../inspect/test-output/compile-errors';
import type { TestCase } from '../../ports/test-runner';
import type { Outcome } from '../../domain/build/outcome';
import { NOTHING_USED } from '../../domain/build/usage';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { keepDiff } from '../keep-diff';
import type { Measured } from './measure';
import type { Touched } from './tampering';

/**
 * True if the run timed out, if tests that were compiled ran and none passed, or if a new test fails. If only old tests fail, the Test
 * Auditor judges them first.
 */
export function mustGoBack({
  evidence,
  tests,
  turnedRed,
  passedBefore,
  redBefore,
  flaky,
}: Omit<Measured, 'candidate' | 'without'>): boolean {
  const { counts, timedOut, integrity } = evidence;
  if (timedOut || counts === null) return timedOut;
  const known = (integrity?.known?.red ?? 0) + (integrity?.known?.flaky ?? 0);
  if (counts.failed <= known) return false;
  // These lists are complete; the lists of the evidence are cut.
  const old = new Set([...turnedRed, ...passedBefore, ...redBefore, ...flaky].map(keyOf));
  const failed = tests.filter(({ status }) => status === 'failed');
  const files = [...new Set(passedBefore.map(({ file }) => file))];
  const uncompiled = failed.filter((test) => isUncompiled(test, files));
  const isOldOnly = failed.every((test) => old.has(keyOf(test)) || uncompiled.includes(test));
  return tests.length === 0 || (counts.passed === 0 && uncompiled.length === 0) || !isOldOnly;
}

/** True if the compiler refuses only old test files, for example for an old field name. The run names none of the tests in them. */
function isUncompiled(test: TestCase, oldFiles: readonly string[]): boolean {
  const refused = compileErrorFiles(test);
  return refused.length > 0 && refused.every((path) => isOld(path, oldFiles));
}

/**
 * True where the compiler's path is an old test file. The compiler may omit the common folder of all tests; a file of the same name in
 * another folder does not count.
 */
function isOld(path: string, oldFiles: readonly string[]): boolean {
  return oldFiles.some((old) => {
    if (old === path) return true;
    const folder = old.slice(0, -path.length);
    return old.endsWith(`/${path}`) && oldFiles.every((file) => file.startsWith(folder));
  });
}

interface Unaudited {
  base: string;
  commit: string;
  /** Null where no test was run. */
  evidence: Evidence | null;
  touched: Touched;
  /** Objections in addition to those of `touched`. */
  otherObjections?: string[];
}

export async function sendBackUnaudited(
  deps: Deps,
  task: PhaseTask,
  { base, commit, evidence, touched, otherObjections = [] }: Unaudited,
): Promise<Outcome & { kind: 'worked' }> {
  const { findings, locked } = touched;
  const objections = [...touched.objections, ...otherObjections];
  const diff = await keepDiff(deps, task, { from: base, to: commit });
  const namedEvidence: NamedEvidence[] = evidence === null ? [] : [{ name: 'tests', ...evidence }];
  const failing = evidence === null ? [] : evidence.failing;
  const report = { verdict: 'fail', evidence: namedEvidence, diff, objections: [...objections, ...failing] };
  return {
    kind: 'worked',
    by: 'orchestrator',
    usage: NOTHING_USED,
    output: await deps.artifacts.put(JSON.stringify(report)),
    evidence,
    ...{ base, commit, objections, findings, locked },
    notes: evidence === null ? 'not measured: its packages are not installed' : describeRun(evidence),
  };
}

export function describeRun({ counts, coveragePercent, exitCode, integrity, experiments }: Evidence): string {
  const tests = counts === null ? 'tests not counted' : `${counts.passed} of ${counts.total} tests passed`;
  const { red = 0, flaky = 0 } = integrity?.known ?? {};
  const redText = red === 0 ? '' : `, ${red} failed before the change too`;
  const flakyText = flaky === 0 ? '' : `, ${flaky} flaky`;
  const coverageText = coveragePercent === null ? '' : `, ${coveragePercent} % of the changed lines ran`;
  const { asked = 0, noticed = 0 } = experiments?.units ?? {};
  const breakText =
    asked === 0 ? '' : `, ${noticed} of ${asked} breaks of the change noticed in ${experiments?.seconds} s`;
  return `measured: ${tests}${redText}${flakyText}${coverageText}, exit code ${exitCode ?? 'none'}${breakText}`;
}
