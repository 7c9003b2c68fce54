/**
 * Testing: the given tests are run, the Test Auditor adds to them, they are run again on what it added.
 *
 * The auditor is not paid where the given tests fail already, or were tampered with: the work goes back at once.
 */
import { contextText } from '../../domain/context';
import { criteriaWithoutTest } from '../../domain/evidence/criteria';
import type { Evidence } from '../../domain/evidence/evidence';
import { Failure } from '../../domain/failures';
import type { Outcome } from '../../domain/build/outcomes';
import { askOnce } from '../ask-role';
import { isTestPath } from '../../domain/files';
import { handedOver } from '../implementation/claimed-files';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { FileChange, TreeAt } from '../../ports/workspace';
import { keepsAll, planFacts } from '../verification/facts/promises';
import { keepDiff } from '../keep-diff';
import { lockTests } from './locked-tests';
import { keyOf, measureTests } from './measure';
import type { Measured } from './measure';
import type { PhaseOutput } from '../outputs';
import { loadContext, loadRequest } from '../context';
import { checkTampering } from './tampering';

export async function auditTests(deps: Deps, task: PhaseTask): Promise<Outcome> {
  const started = await handedOver(deps, task);
  const at = { ...repo(task), commit: started.commit };
  const { commands } = await loadRequest(deps.artifacts, task);
  const place = { base: started.base, commit: at.commit };
  const { objections: tampering, locked, approved } = await checkTampering(deps, task, { ...place, commands });
  const context = await loadContext(deps.artifacts, task);
  const { planning } = context.outputs;
  const judged = { repo: repo(task), commands, approved, keepsAll: keepsAll(planning) };
  const given = await measureTests(deps, { ...judged, ...place, locked });
  const { counts, timedOut } = given.evidence;
  if ((counts?.failed ?? 0) > 0 || timedOut || tampering.length > 0)
    return { ...(await sendBackUnaudited(deps, task, given.evidence, place, tampering)), locked };

  const files = (await deps.workspace.list(at)).map((file) => file.path);
  const diff = await deps.workspace.diff(repo(task), started.base, at.commit);
  const text = contextText({ ...context, files, diff, evidence: given.evidence });
  const { output, by, usage } = await askOnce(deps, { ...task, phase: 'testing' }, text);
  const added = await publishTests(deps, task, at, output.tests_added);
  const now = { base: started.base, commit: added.commit };
  const isAdded = added.commit !== at.commit;
  const relocked = isAdded ? await lockTests(deps.artifacts, locked, output.tests_added) : locked;
  const measured = isAdded ? await measureTests(deps, { ...judged, ...now, locked: relocked }) : given;
  const objections = [...added.objections, ...objectionsOf(output), ...unshown(planning, output, measured)];
  const { evidence } = measured;
  const report = {
    ...output,
    evidence,
    // The run before its own tests were added was measured too: the record shows every run.
    ...(isAdded ? { evidence_before: given.evidence } : {}),
    tests: measured.tests,
    diff: await keepDiff(deps, task, { from: started.base, to: added.commit }),
    tests_added: output.tests_added.map((file) => file.path),
  };
  return {
    ...{ kind: 'worked', by, usage, evidence, objections, ...now, locked: relocked },
    output: await deps.artifacts.put(JSON.stringify(report)),
    notes: describeRun(evidence),
  };
}

async function sendBackUnaudited(
  deps: Deps,
  task: PhaseTask,
  evidence: Evidence,
  place: { base: string; commit: string },
  objections: string[],
): Promise<Outcome & { kind: 'worked' }> {
  const diff = await keepDiff(deps, task, { from: place.base, to: place.commit });
  const said = { verdict: 'fail', evidence, diff, objections: [...objections, ...evidence.failing] };
  const output = await deps.artifacts.put(JSON.stringify(said));
  const usage = { calls: 0, inputTokens: null, outputTokens: null };
  return {
    kind: 'worked',
    by: 'orchestrator',
    usage,
    output,
    evidence,
    ...place,
    objections,
    notes: describeRun(evidence),
  };
}

async function publishTests(deps: Deps, task: PhaseTask, at: TreeAt, files: FileChange[]) {
  const foreign = files.filter((file) => !isTestPath(file.path));
  const objections = foreign.map((file) => `the Test Auditor may add tests only; ${file.path} is none`);
  if (files.length === 0 || foreign.length > 0) return { commit: at.commit, objections };
  try {
    const message = `Test Auditor adds ${files.length} test files`;
    const { commit: tree } = await deps.workspace.apply(at, files, message);
    const { generation, attempt, turn } = task;
    const mark = { phase: 'testing' as const, generation, attempt, turn };
    const { commit } = await deps.workspace.publish(at, { tree, message, mark });
    return { commit, objections };
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Workspace.PathRefused') throw error;
    return { commit: at.commit, objections: [error.message] };
  }
}

function objectionsOf(report: PhaseOutput<'testing'>): string[] {
  const unsatisfied = report.criteria.filter((criterion) => !criterion.satisfied);
  return [
    ...(report.verdict === 'fail' && report.objections.length === 0 ? ['the Test Auditor says fail'] : []),
    ...report.objections,
    ...unsatisfied.map((criterion) => `criterion ${criterion.criterion_id} is not satisfied: ${criterion.note}`),
  ];
}

/** Where the tests that ran do not show what was to be built. */
function unshown(plan: unknown, report: PhaseOutput<'testing'>, { evidence, tests, before }: Measured): string[] {
  const isNamed = tests.length > 0;
  const ids = planFacts(plan).criteria.map(({ id }) => id);
  const missing = criteriaWithoutTest(ids, report.criteria, isNamed ? tests : null);
  const known = new Set(before.map(keyOf));
  const isNew = tests.some((test) => test.status === 'passed' && !known.has(keyOf(test)));
  const none = isNamed && !isNew && !keepsAll(plan) && evidence.integrity?.lockedDigest === null;
  return [...missing, ...(none ? ['neither the Code Writer nor the Test Auditor added a test for this change'] : [])];
}

function describeRun({ counts, coveragePercent, exitCode }: Evidence): string {
  const tests = counts === null ? 'tests not counted' : `${counts.passed} of ${counts.total} tests passed`;
  const covered = coveragePercent === null ? '' : `, ${coveragePercent} % of the changed lines ran`;
  return `measured: ${tests}${covered}, exit code ${exitCode ?? 'none'}`;
}

function repo({ projectId, buildId }: PhaseTask) {
  return { projectId, buildId };
}
