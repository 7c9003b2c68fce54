/**
 * The testing phase: runs the tests, lets the Test Auditor add tests and update obsolete ones, and runs the tests again.
 *
 * If tests of the change itself fail, or the change tampers with tests, the work goes back to the Code Writer at once, without a call of
 * the Test Auditor's model. If the change turned only old tests red, the Test Auditor judges them first.
 */
import { keyOf } from '../../domain/evidence/baseline';
import { classifyAlteration } from '../../domain/evidence/executable';
import { namedTests } from '../../domain/evidence/criteria';
import type { Evidence } from '../../domain/evidence/evidence';
import { judgeAll, reasonsOf } from '../../domain/gates';
import { unfitTests } from '../../domain/gates/added-tests';
import type { AuditFacts } from '../../domain/gates/facts';
import { verdictOf } from '../../domain/gates/gate';
import type { GateVerdict } from '../../domain/gates/gate';
import type { Outcome } from '../../domain/build/outcome';
import { overridesOf } from '../../requests/start-request';
import { commitHandedOver } from '../implementation/claimed-files';
import type { PhaseTask, StepTask } from '../contract';
import type { Deps } from '../deps';
import type { EarlierOutput } from '../earlier-outputs';
import { keepsAll, planFacts } from '../verification/facts/promises';
import { withExperiments } from '../experiments/with-experiments';
import { keepReport } from './audit-report';
import type { Report } from './audit-report';
import { publishTests, testFilesOf } from './auditor-tests';
import type { AddedTests, FirstRun } from './auditor-tests';
import { auditorPathRule } from './auditor-paths';
import { changedTests, excusedBy } from './changed-tests';
import { testsIn } from './judges';
import { lockTests, readLocked } from './locked-tests';
import type { LockedFile } from './locked-tests';
import { measureTests } from './measure';
import type { Measured } from './measure';
import { readOldTests } from './old-tests';
import { withOrigins } from './origins';
import type { PhaseOutput } from '../outputs';
import { roleContext } from '../role-context';
import { noTestCommand } from './run-tests';
import type { Sources } from '../sources';
import { stepCommits } from '../steps/step-commits';
import { takeStep } from '../steps/take-step';
import type { SeenFiles } from '../tools';
import type { Answer, Opening, Rejected } from '../steps/take-step';
import type { OldTest } from '../../domain/context';
import { approvedReplacements, judgeReplaced } from './replaced-tests';
import { describeRun, mustGoBack, sendBackUnaudited } from './send-back';
import { installObjections, packageObjections } from './package-objections';
import { checkTampering } from './tampering';

/** Loads everything that an attempt at testing works on. */
async function openAudit(deps: Deps, task: PhaseTask, sources: Sources) {
  const { request, outputs } = sources;
  const commits = await commitHandedOver(deps, task, sources);
  const overrides = overridesOf(request);
  const repo = { projectId: task.projectId, buildId: task.buildId };
  const tampered = await checkTampering(deps, task, { ...commits, request, overrides });
  const touched = await withOrigins(deps, task, { ...commits, touched: tampered });
  const isTest = await testsIn(deps, { repo, ...commits });
  const { commands } = request;
  const subject = { repo, base: commits.base, commands, overrides, keepsAll: keepsAll(outputs.planning), isTest };
  const measure = async (
    commit: string,
    settings: Pick<Parameters<typeof measureTests>[1], 'locked' | 'needsControl' | 'proposed'>,
  ) => {
    const span = { ...subject, commit, locked: settings.locked.lock };
    const approved = [...touched.approved, ...(await approvedReplacements(deps, task, span))];
    return measureTests(deps, {
      ...{ ...subject, commit, ...settings, approved: touched.approved },
      excused: excusedBy({ ...touched, approved }, span.locked?.obsolete),
      changedTests: await changedTests(deps, span),
    });
  };
  return { commits, repo, touched, isTest, lockedTests: await readLocked(deps.artifacts, touched.locked), measure };
}

/** The measurement before the auditor's first call. It is stored in the conversation, so the names of its members must not change. */
interface Prepared {
  /** The first test run; null where no test command is known. */
  given: FirstRun | null;
  oldTests: OldTest[];
}

export async function auditTests(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  const commits = await commitHandedOver(deps, task, sources);
  const at = stepCommits(task, sources.request, commits);
  return takeStep(
    deps,
    { ...task, phase: 'testing' },
    {
      ...at,
      mayWrite({ prepared }) {
        const { given: firstRun } = prepared as Prepared;
        return auditorPathRule(deps, { startCommit: commits.commit, testFiles: testFilesOf(firstRun) });
      },
      seen: ({ prepared }) => seenOf((prepared as Prepared).oldTests),
      open: () => measureFirst(deps, task, sources),
      finish: (answer) => auditAnswer(deps, task, { sources, answer }),
    },
  );
}

function seenOf(oldTests: OldTest[]): SeenFiles {
  const whole = oldTests.filter(({ missingChars }) => missingChars === 0);
  return Object.fromEntries(whole.map(({ path }) => [path, { lines: 0, ranges: [] }]));
}

async function measureFirst(deps: Deps, task: StepTask, sources: Sources): Promise<Opening> {
  const { commits, repo, touched, lockedTests, measure } = await openAudit(deps, task, sources);
  const firstRun = touched.isInstallable
    ? ((await packageObjections(deps, { repo, ...commits })) ??
      (await measure(commits.commit, { locked: lockedTests, needsControl: false }).catch(installObjections)))
    : [];
  const notMeasured = { ...commits, evidence: null, touched };
  if (Array.isArray(firstRun))
    return { outcome: await sendBackUnaudited(deps, task, { ...notMeasured, otherObjections: firstRun }) };
  if (firstRun !== undefined && (mustGoBack(firstRun) || touched.objections.length > 0))
    return { outcome: await sendBackUnaudited(deps, task, { ...commits, evidence: firstRun.evidence, touched }) };

  const oldTests = await readOldTests(deps.workspace, { ...repo, commit: commits.commit }, firstRun);
  const first = await roleContext(deps, task, { sources, ...commits, evidence: firstRun?.evidence ?? null, oldTests });
  const prepared: Prepared = { given: firstRun === undefined ? null : toFirstRun(firstRun), oldTests };
  return { ...first, prepared, commit: commits.commit };
}

function toFirstRun({ evidence, tests, turnedRed, redBefore }: FirstRun): FirstRun {
  return { evidence, tests, turnedRed, redBefore };
}

async function auditAnswer(
  deps: Deps,
  task: StepTask,
  { sources, answer }: { sources: Sources; answer: Answer<'testing'> },
): Promise<Outcome | Rejected> {
  const { output, conversation, mayReject } = answer;
  const { commits, repo, touched, isTest, lockedTests, measure } = await openAudit(deps, task, sources);
  const { locked, findings } = touched;
  const { planning } = sources.outputs;
  const { given: firstRun, oldTests } = conversation.prepared as Prepared;
  const criteria = planFacts(planning).criteria.map(({ id }) => id);
  const added = await publishTests(deps, task, {
    ...{ commit: commits.commit, published: conversation.published, draftCommit: answer.tree, step: task.step },
    ...{ output, criteria, firstRun: firstRun ?? undefined, oldTests, locked },
  });
  const unfitReasons = unfitTests(added);
  if (unfitReasons.length > 0 && mayReject) return { kind: 'rejected', reasons: unfitReasons };
  const judgedSpan = { base: commits.base, commit: added.commit };
  const isAdded = added.commit !== commits.commit;
  const relocked = isAdded ? await lockTests(deps.artifacts, lockedTests, added) : lockedTests;
  const runSettings = { locked: relocked, needsControl: true, proposed: output.test_command };
  const secondRun = await measure(added.commit, runSettings);
  if (secondRun === undefined) throw noTestCommand();
  const change = await deps.workspace.diff(repo, commits.base, added.commit);
  const facts = auditFacts(planning, { output, added, measured: secondRun, change, isTest });
  const judged = await judgeAudit(deps, task, {
    ...{ facts, span: { ...judgedSpan, locked: relocked.lock }, files: relocked.files, run: secondRun, sources },
  });
  const { measured, objections, gates } = judged;
  const mistakes = ownMistakes(output, gates);
  if (mistakes.length > 0 && mayReject) return { kind: 'rejected', reasons: mistakes, published: added.commit };
  const runs: Report['runs'] = { firstRun: firstRun ?? undefined, withAdded: isAdded ? measured : undefined };
  const span = { from: commits.base, to: added.commit };
  const kept = await keepReport(deps, task, { output, added, gates, runs, measured, span, touched });
  return {
    ...{ kind: 'worked', by: answer.by, usage: answer.usage, evidence: measured.evidence, objections, ...judgedSpan },
    ...{ locked: relocked.lock, output: kept, notes: describeRun(measured.evidence) },
    ...(isOwnFault(answer, gates, objections) ? { isOwnFault: true as const } : {}),
    findings: {
      judged: [...findings.judged, ...judged.findings.judged],
      found: [...findings.found, ...judged.findings.found],
    },
  };
}

/**
 * True if only the auditor can mend what the gates object to: then the auditor works again, and not the Code Writer. A script would name
 * the same tests again, so for a script it is true for fewer gates.
 */
function isOwnFault({ output, isScripted }: Answer<'testing'>, gates: GateVerdict[], objections: string[]): boolean {
  const auditorGates = isScripted || output.verdict !== 'pass' ? ['added_tests'] : ['added_tests', 'criteria_shown'];
  const reasons = gates.filter(({ gate }) => auditorGates.includes(gate)).flatMap((verdict) => verdict.reasons);
  return reasons.length > 0 && reasons.length === objections.length;
}

/** Gives the criteria for which a passing verdict names no test. No other role can name the test for the auditor. */
function ownMistakes({ verdict }: PhaseOutput<'testing'>, gates: GateVerdict[]): string[] {
  if (verdict !== 'pass') return [];
  return gates.filter(({ gate }) => gate === 'criteria_shown').flatMap(({ reasons }) => reasons);
}

interface AuditToJudge {
  facts: AuditFacts;
  span: Parameters<typeof approvedReplacements>[2];
  files: LockedFile[];
  /** The run with the auditor's tests, before the experiments. */
  run: Measured;
  sources: Sources;
}

/** Runs the gates over the auditor's answer, and the experiments where no gate has an objection. */
async function judgeAudit(deps: Deps, task: PhaseTask, { facts, span, files, run, sources }: AuditToJudge) {
  const answerVerdicts = judgeAll('answer_of_auditor', facts);
  const answerObjections = reasonsOf(answerVerdicts);
  const replacements = await judgeReplaced(deps, task, { ...span, files, measured: run, others: answerObjections });
  const lockedDigest = span.locked?.digest ?? null;
  const subject = { measured: run, lockedDigest, keepsAll: facts.keepsAll, request: sources.request };
  const isSound = answerObjections.length + replacements.objections.length === 0;
  const withResults = isSound ? await withExperiments(deps, task, subject) : { ...NO_EXPERIMENTS, measured: run };
  const objections = [...answerObjections, ...replacements.objections, ...withResults.objections];
  const { judged, found } = withResults.findings;
  return {
    ...{ measured: withResults.measured, objections, findings: { judged, found: [...replacements.found, ...found] } },
    gates: answerVerdicts.map(({ gate, ...verdict }) => verdictOf(gate, verdict)),
  };
}

const NO_EXPERIMENTS = { objections: [], findings: { judged: [], found: [] } };

function auditFacts(
  plan: EarlierOutput<'planning'> | undefined,
  {
    output,
    added,
    measured,
    change,
    isTest,
  }: Pick<Report, 'output' | 'measured'> & { added: AddedTests; change: string; isTest: (path: string) => boolean },
): AuditFacts {
  const { evidence, tests, passedBefore } = measured;
  const known = new Set(passedBefore.map(keyOf));
  const isNew = tests.some((test) => test.status === 'passed' && !known.has(keyOf(test)));
  const { criteria, paths: planned } = planFacts(plan);
  return {
    criteria: criteria.map(({ id }) => id),
    newCriteria: criteria.filter(({ kind }) => kind !== 'kept').map(({ id }) => id),
    without: measured.without,
    report: output,
    added,
    evidence,
    tests: namedTests(tests, evidence.counts),
    // A test with the name of an old test counts as new if it fails without the change.
    isNew: isNew || showsChange(evidence),
    keepsAll: keepsAll(plan),
    alters: classifyAlteration(change, planned, isTest),
  };
}

function showsChange({ integrity }: Evidence): boolean {
  return integrity?.control?.shows === true;
}
