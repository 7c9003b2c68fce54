/**
 * The testing phase: runs the tests, lets the Test Auditor add tests and update obsolete ones, and runs the tests again.
 *
 * Where tests of the change itself fail, or tests were tampered with, the work goes back to the Code Writer at once, and the Test
 * Auditor's model is not called. Where the change turned only old tests red, the Test Auditor judges them first.
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
import type { Outcome } from '../../domain/build/outcomes';
import { overridesOf } from '../../requests/start-request';
import { handedOver } from '../implementation/claimed-files';
import type { PhaseTask, StepTask } from '../contract';
import type { Deps } from '../deps';
import type { EarlierOutput } from '../earlier-outputs';
import { keepsAll, planFacts } from '../verification/facts/promises';
import { withExperiments } from '../experiments/with-experiments';
import { keepReport } from './audit-report';
import type { Report } from './audit-report';
import { publishTests, testFilesOf } from './auditor-tests';
import type { AddedTests, Given } from './auditor-tests';
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
  const place = await handedOver(deps, task, sources);
  const overrides = overridesOf(request);
  const repo = { projectId: task.projectId, buildId: task.buildId };
  const tampered = await checkTampering(deps, task, { ...place, request, overrides });
  const touched = await withOrigins(deps, task, { ...place, touched: tampered });
  const isTest = await testsIn(deps, { repo, ...place });
  const { commands } = request;
  const subject = { repo, base: place.base, commands, overrides, keepsAll: keepsAll(outputs.planning), isTest };
  const measure = async (
    commit: string,
    more: Pick<Parameters<typeof measureTests>[1], 'locked' | 'control' | 'proposed'>,
  ) => {
    const span = { ...subject, commit, locked: more.locked.lock };
    const approved = [...touched.approved, ...(await approvedReplacements(deps, task, span))];
    return measureTests(deps, {
      ...{ ...subject, commit, ...more, approved: touched.approved },
      excused: excusedBy({ ...touched, approved }, span.locked?.obsolete),
      changedTests: await changedTests(deps, span),
    });
  };
  return { place, repo, touched, isTest, lockedTests: await readLocked(deps.artifacts, touched.locked), measure };
}

/** The measurement before the auditor's first call. It is stored in the conversation, so the names of its members must not change. */
interface Prepared {
  /** The first test run; null where no test command is known. */
  given: Given | null;
  oldTests: OldTest[];
}

export async function auditTests(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  const place = await handedOver(deps, task, sources);
  const at = stepCommits(task, sources.request, place);
  return takeStep(
    deps,
    { ...task, phase: 'testing' },
    {
      ...at,
      mayWrite({ prepared }) {
        const { given } = prepared as Prepared;
        return auditorPathRule(deps, { began: place.commit, seen: testFilesOf(given) });
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
  const { place, repo, touched, lockedTests, measure } = await openAudit(deps, task, sources);
  const given = touched.isInstallable
    ? ((await packageObjections(deps, { repo, ...place })) ??
      (await measure(place.commit, { locked: lockedTests, control: false }).catch(installObjections)))
    : [];
  if (Array.isArray(given))
    return { outcome: await sendBackUnaudited(deps, task, { ...place, evidence: null, touched, more: given }) };
  if (given !== undefined && (mustGoBack(given) || touched.objections.length > 0))
    return { outcome: await sendBackUnaudited(deps, task, { ...place, evidence: given.evidence, touched }) };

  const oldTests = await readOldTests(deps.workspace, { ...repo, commit: place.commit }, given);
  const first = await roleContext(deps, task, { sources, ...place, evidence: given?.evidence ?? null, oldTests });
  return { ...first, prepared: { given: given === undefined ? null : givenOf(given), oldTests }, commit: place.commit };
}

function givenOf({ evidence, tests, turnedRed, redBefore }: Given): Given {
  return { evidence, tests, turnedRed, redBefore };
}

async function auditAnswer(
  deps: Deps,
  task: StepTask,
  { sources, answer }: { sources: Sources; answer: Answer<'testing'> },
): Promise<Outcome | Rejected> {
  const { output, conversation, mayReject } = answer;
  const { place, repo, touched, isTest, lockedTests, measure } = await openAudit(deps, task, sources);
  const { locked, findings } = touched;
  const { planning } = sources.outputs;
  const { given, oldTests } = conversation.prepared as Prepared;
  const criteria = planFacts(planning).criteria.map(({ id }) => id);
  const { published } = conversation;
  const added = await publishTests(deps, task, {
    ...{ commit: place.commit, published, draftCommit: answer.tree, step: task.step },
    ...{ output, criteria, given: given ?? undefined, oldTests, locked },
  });
  const problems = unfitTests(added);
  if (problems.length > 0 && mayReject) return { kind: 'rejected', reasons: problems };
  const judgedSpan = { base: place.base, commit: added.commit };
  const isAdded = added.commit !== place.commit;
  const relocked = isAdded ? await lockTests(deps.artifacts, lockedTests, added) : lockedTests;
  const secondRun = await measure(added.commit, { locked: relocked, control: true, proposed: output.test_command });
  if (secondRun === undefined) throw noTestCommand();
  const change = await deps.workspace.diff(repo, place.base, added.commit);
  const facts = auditFacts(planning, { output, added, measured: secondRun, change, isTest });
  const judged = await judgeAudit(deps, task, {
    ...{ facts, span: { ...judgedSpan, locked: relocked.lock }, files: relocked.files, run: secondRun, sources },
  });
  const { measured, objections, gates } = judged;
  const mistakes = ownMistakes(output, gates);
  if (mistakes.length > 0 && mayReject) return { kind: 'rejected', reasons: mistakes, published: added.commit };
  const runs: Report['runs'] = { given: given ?? undefined, withAdded: isAdded ? measured : undefined };
  const span = { from: place.base, to: added.commit };
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
 * True where only the auditor can mend what the gates object to, so that it is asked again and not the Code Writer. A script would
 * name the same tests again.
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
  const answered = judgeAll('answer_of_auditor', facts);
  const others = reasonsOf(answered);
  const replaced = await judgeReplaced(deps, task, { ...span, files, measured: run, others });
  const lockedDigest = span.locked?.digest ?? null;
  const subject = { measured: run, lockedDigest, keepsAll: facts.keepsAll, request: sources.request };
  const isSound = others.length + replaced.objections.length === 0;
  const tried = isSound ? await withExperiments(deps, task, subject) : { ...NO_EXPERIMENTS, measured: run };
  const objections = [...others, ...replaced.objections, ...tried.objections];
  const { judged, found } = tried.findings;
  return {
    ...{ measured: tried.measured, objections, findings: { judged, found: [...replaced.found, ...found] } },
    gates: answered.map(({ gate, ...verdict }) => verdictOf(gate, verdict)),
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
  const { evidence, tests, before } = measured;
  const known = new Set(before.map(keyOf));
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
