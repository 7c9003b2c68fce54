/**
 * Testing: the given tests are run, the Test Auditor adds to them, they are run again on what it added.
 *
 * The auditor is not paid where the given tests fail already, or were tampered with: the work goes back at once.
 */
import type { Evidence } from '../../domain/evidence/evidence';
import type { NamedEvidence } from '../../domain/evidence/named';
import { Failure } from '../../domain/failures';
import { judgeAll, reasonsOf } from '../../domain/gates';
import type { AuditFacts } from '../../domain/gates/facts';
import type { Outcome } from '../../domain/build/outcomes';
import { askOnce } from '../ask-role';
import { isTestPath } from '../../domain/files';
import { handedOver } from '../implementation/claimed-files';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { Handed } from '../handed';
import type { FileChange } from '../../ports/workspace';
import { keepsAll, planFacts } from '../verification/facts/promises';
import { keepDiff } from '../keep-diff';
import { lockTests, readLocked } from './locked-tests';
import { keyOf, measureTests } from './measure';
import type { Measured } from './measure';
import type { PhaseOutput } from '../outputs';
import { roleContext } from '../role-context';
import type { Sources } from '../sources';
import { checkTampering } from './tampering';
import type { Touched } from './tampering';

/** What the tests say, before and after the auditor has added its own. */
interface Runs {
  given: Measured;
  /** Undefined where nothing was added. */
  withAdded?: Measured | undefined;
}

export async function auditTests(deps: Deps, task: PhaseTask, sources: Sources): Promise<Outcome> {
  const place = await handedOver(deps, task, sources);
  const { planning } = sources.outputs;
  const { commands } = sources.request;
  const touched = await checkTampering(deps, task, { ...place, commands });
  const { locked, approved, findings } = touched;
  const subject = { repo: repo(task), base: place.base, commands, approved, keepsAll: keepsAll(planning) };
  const held = await readLocked(deps.artifacts, locked);
  const given = await measureTests(deps, { ...subject, commit: place.commit, locked: held });
  const { counts, timedOut } = given.evidence;
  if ((counts?.failed ?? 0) > 0 || timedOut || touched.objections.length > 0)
    return sendBackUnaudited(deps, task, { ...place, evidence: given.evidence, touched });

  const text = await roleContext(deps, task, { sources, ...place, evidence: given.evidence });
  const { output, by, usage } = await askOnce(deps, { ...task, phase: 'testing' }, text);
  const added = await publishTests(deps, task, { commit: place.commit, files: output.tests_added });
  const now = { base: place.base, commit: added.commit };
  const isAdded = added.commit !== place.commit;
  const relocked = isAdded ? await lockTests(deps.artifacts, held, output.tests_added) : held;
  const again = { ...subject, commit: added.commit, locked: relocked };
  const runs: Runs = { given, withAdded: isAdded ? await measureTests(deps, again) : undefined };
  const measured = runs.withAdded ?? given;
  const objections = reasonsOf(judgeAll('answer_of_auditor', auditFacts(planning, { output, added, measured })));
  const kept = await keepReport(deps, task, { output, runs, span: { from: place.base, to: added.commit } });
  const { evidence } = measured;
  const notes = describeRun(evidence);
  return {
    ...{ kind: 'worked', by, usage, evidence, objections, ...now, locked: relocked.lock },
    ...{ output: kept, findings, notes },
  };
}

/** The auditor's answer beside what was measured: its words alone would be a claim. */
async function keepReport(
  deps: Deps,
  task: PhaseTask,
  { output, runs, span }: { output: PhaseOutput<'testing'>; runs: Runs; span: { from: string; to: string } },
) {
  const { given, withAdded } = runs;
  // The run before its own tests were added was measured too: the record shows every run.
  const evidence: NamedEvidence[] =
    withAdded === undefined
      ? [{ name: 'tests', ...given.evidence }]
      : [
          { name: 'tests_before', ...given.evidence },
          { name: 'tests', ...withAdded.evidence },
        ];
  const report = {
    ...output,
    evidence,
    tests: (withAdded ?? given).tests,
    diff: await keepDiff(deps, task, span),
    tests_added: output.tests_added.map((file) => file.path),
  };
  return deps.artifacts.put(JSON.stringify(report));
}

async function sendBackUnaudited(
  deps: Deps,
  task: PhaseTask,
  { base, commit, evidence, touched }: { base: string; commit: string; evidence: Evidence; touched: Touched },
): Promise<Outcome & { kind: 'worked' }> {
  const { objections, findings, locked } = touched;
  const diff = await keepDiff(deps, task, { from: base, to: commit });
  const pieces: NamedEvidence[] = [{ name: 'tests', ...evidence }];
  const said = { verdict: 'fail', evidence: pieces, diff, objections: [...objections, ...evidence.failing] };
  return {
    kind: 'worked',
    by: 'orchestrator',
    usage: { calls: 0, inputTokens: null, outputTokens: null },
    output: await deps.artifacts.put(JSON.stringify(said)),
    evidence,
    ...{ base, commit, objections, findings, locked },
    notes: describeRun(evidence),
  };
}

interface Added {
  /** With the tests in it, or the one before where none was added. */
  commit: string;
  foreign: string[];
  refused: string | null;
}

async function publishTests(
  deps: Deps,
  task: PhaseTask,
  { commit, files }: { commit: string; files: FileChange[] },
): Promise<Added> {
  const at = { ...repo(task), commit };
  const foreign = files.map(({ path }) => path).filter((path) => !isTestPath(path));
  if (files.length === 0 || foreign.length > 0) return { commit, foreign, refused: null };
  try {
    const message = `Test Auditor adds ${files.length} test files`;
    const { commit: tree } = await deps.workspace.apply(at, files, message);
    const { generation, attempt, turn } = task;
    const mark = { phase: 'testing' as const, generation, attempt, turn };
    const published = await deps.workspace.publish(at, { tree, message, mark });
    return { commit: published.commit, foreign, refused: null };
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Workspace.PathRefused') throw error;
    return { commit, foreign, refused: error.message };
  }
}

function auditFacts(
  plan: Handed<'planning'> | undefined,
  { output, added, measured }: { output: PhaseOutput<'testing'>; added: Added; measured: Measured },
): AuditFacts {
  const { evidence, tests, before } = measured;
  const known = new Set(before.map(keyOf));
  return {
    criteria: planFacts(plan).criteria.map(({ id }) => id),
    report: output,
    added,
    evidence,
    tests: tests.length > 0 ? tests : null,
    isNew: tests.some((test) => test.status === 'passed' && !known.has(keyOf(test))),
    keepsAll: keepsAll(plan),
  };
}

function describeRun({ counts, coveragePercent, exitCode }: Evidence): string {
  const tests = counts === null ? 'tests not counted' : `${counts.passed} of ${counts.total} tests passed`;
  const covered = coveragePercent === null ? '' : `, ${coveragePercent} % of the changed lines ran`;
  return `measured: ${tests}${covered}, exit code ${exitCode ?? 'none'}`;
}

function repo({ projectId, buildId }: PhaseTask) {
  return { projectId, buildId };
}
