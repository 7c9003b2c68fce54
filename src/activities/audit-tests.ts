/**
 * Testing: the given tests are run, the Test Auditor adds to them, they are run again on what it added.
 *
 * The auditor is not paid where the given tests fail already: the work goes back at once.
 */
import { contextText } from '../domain/context';
import type { Evidence } from '../domain/evidence';
import { Failure } from '../domain/failures';
import type { Outcome } from '../domain/outcomes';
import { askOnce } from './ask-role';
import { handedOver } from './claimed-files';
import type { PhaseTask } from './contract';
import type { Deps, FileChange, TreeAt } from './deps';
import { keepDiff } from './keep-diff';
import { measureTests } from './measure';
import type { PhaseOutput } from './outputs';
import { loadContext, loadRequest } from './request';

const COVERAGE_FLOOR_PERCENT = 80;
const TEST_PATH = /(^|\/)(tests?|__tests__|spec|e2e)\/|[._-](test|spec)\.[a-z]+$|(^|\/)test_[^/]+$|_test\.[a-z]+$/i;

export async function auditTests(deps: Deps, task: PhaseTask): Promise<Outcome> {
  const started = await handedOver(deps, task);
  const at = { ...repo(task), commit: started.commit };
  const { commands } = await loadRequest(deps.artifacts, task);
  const given = await measureTests(deps, at, commands);
  const place = { base: started.base, commit: at.commit };
  if ((given.counts?.failed ?? 0) > 0 || given.timedOut) return sendBackUnaudited(deps, task, given, place);

  const text = await auditContext(deps, task, at, started.base, given);
  const { output, by, usage } = await askOnce(deps, { ...task, phase: 'testing' }, text);
  const added = await publishTests(deps, task, at, output.tests_added);
  const evidence =
    added.commit === at.commit ? given : await measureTests(deps, { ...at, commit: added.commit }, commands);
  const objections = [
    ...added.objections,
    ...objectionsOf(output, await criteriaOf(deps, task)),
    ...coverage(evidence),
  ];
  const diff = await keepDiff(deps, task, { from: started.base, to: added.commit });
  // The run before its own tests were added was measured too: the record shows every run.
  const before = evidence === given ? {} : { evidence_before: given };
  const report = { ...output, evidence, ...before, diff, tests_added: output.tests_added.map((file) => file.path) };
  return {
    ...{ kind: 'worked', by, usage, evidence, objections, base: started.base, commit: added.commit },
    output: await deps.artifacts.put(JSON.stringify(report)),
    notes: describeRun(evidence),
  };
}

async function sendBackUnaudited(
  deps: Deps,
  task: PhaseTask,
  evidence: Evidence,
  place: { base: string; commit: string },
): Promise<Outcome> {
  const diff = await keepDiff(deps, task, { from: place.base, to: place.commit });
  const report = { verdict: 'fail', evidence, diff, objections: evidence.failing };
  const output = await deps.artifacts.put(JSON.stringify(report));
  const usage = { calls: 0, inputTokens: null, outputTokens: null };
  return {
    kind: 'worked',
    by: 'orchestrator',
    usage,
    output,
    evidence,
    ...place,
    objections: [],
    notes: describeRun(evidence),
  };
}

async function auditContext(
  deps: Deps,
  task: PhaseTask,
  at: TreeAt,
  base: string,
  evidence: Evidence,
): Promise<string> {
  const files = (await deps.workspace.list(at)).map((file) => file.path);
  const diff = await deps.workspace.diff(repo(task), base, at.commit);
  return contextText({ ...(await loadContext(deps.artifacts, task)), files, diff, evidence });
}

async function publishTests(deps: Deps, task: PhaseTask, at: TreeAt, files: FileChange[]) {
  const foreign = files.filter((file) => !TEST_PATH.test(file.path));
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

async function criteriaOf(deps: Deps, task: PhaseTask): Promise<string[]> {
  const plan = (await loadContext(deps.artifacts, task)).outputs.planning as { success_criteria?: unknown } | undefined;
  if (!Array.isArray(plan?.success_criteria)) return [];
  return plan.success_criteria.map((criterion) => String((criterion as { id?: unknown }).id));
}

function objectionsOf(report: PhaseOutput<'testing'>, criteria: string[]): string[] {
  const judged = new Set(report.criteria.map((criterion) => criterion.criterion_id));
  const unsatisfied = report.criteria.filter((criterion) => !criterion.satisfied);
  return [
    ...(report.verdict === 'fail' && report.objections.length === 0 ? ['the Test Auditor says fail'] : []),
    ...report.objections,
    ...unsatisfied.map((criterion) => `criterion ${criterion.criterion_id} is not satisfied: ${criterion.note}`),
    ...criteria.filter((id) => !judged.has(id)).map((id) => `criterion ${id} has no test`),
  ];
}

function coverage({ coveragePercent }: Evidence): string[] {
  if (coveragePercent === null || coveragePercent >= COVERAGE_FLOOR_PERCENT) return [];
  return [`coverage is ${coveragePercent} % of lines, below ${COVERAGE_FLOOR_PERCENT} %`];
}

function describeRun({ counts, coveragePercent, exitCode }: Evidence): string {
  const tests = counts === null ? 'tests not counted' : `${counts.passed} of ${counts.total} tests passed`;
  const covered = coveragePercent === null ? '' : `, ${coveragePercent} % of lines covered`;
  return `measured: ${tests}${covered}, exit code ${exitCode ?? 'none'}`;
}

function repo({ projectId, buildId }: PhaseTask) {
  return { projectId, buildId };
}
