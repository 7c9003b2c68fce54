/**
 * Testing: the given tests are run, the Test Auditor adds to them and updates what the plan makes obsolete, they are run again.
 *
 * The auditor is not paid where tests of the change itself fail, or were tampered with: the work goes back at once. Old tests
 * that the change turned red are the auditor's to judge first.
 */
import { keyOf } from '../../domain/evidence/baseline';
import { alteredBy } from '../../domain/evidence/executable';
import { namedTests } from '../../domain/evidence/criteria';
import type { Evidence } from '../../domain/evidence/evidence';
import { judgeAll, reasonsOf } from '../../domain/gates';
import { unfitTests } from '../../domain/gates/added-tests';
import type { AuditFacts } from '../../domain/gates/facts';
import { verdictOf } from '../../domain/gates/gate';
import type { GateVerdict } from '../../domain/gates/gate';
import type { Outcome } from '../../domain/build/outcomes';
import { wishOf } from '../../requests/start-request';
import { handedOver } from '../implementation/claimed-files';
import type { PhaseTask, StepTask } from '../contract';
import type { Deps } from '../deps';
import type { EarlierOutput } from '../earlier-outputs';
import { keepsAll, planFacts } from '../verification/facts/promises';
import { withExperiments } from '../experiments/with-experiments';
import { keepReport } from './audit-report';
import type { Report } from './audit-report';
import { publishTests, ranIn } from './auditor-tests';
import type { Added, Given } from './auditor-tests';
import { auditorsRule } from './auditor-paths';
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
import { notInstalled, uninstallable } from './uninstallable';
import { checkTampering } from './tampering';

/** What an attempt at the audit works on. */
async function openAudit(deps: Deps, task: PhaseTask, sources: Sources) {
  const { request, outputs } = sources;
  const place = await handedOver(deps, task, sources);
  const wish = wishOf(request);
  const repo = { projectId: task.projectId, buildId: task.buildId };
  const tampered = await checkTampering(deps, task, { ...place, request, wish });
  const touched = await withOrigins(deps, task, { ...place, touched: tampered });
  const isTest = await testsIn(deps, { repo, ...place });
  const { commands } = request;
  const subject = { repo, base: place.base, commands, wish, keepsAll: keepsAll(outputs.planning), isTest };
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
  return { place, repo, touched, isTest, held: await readLocked(deps.artifacts, touched.locked), measure };
}

/** Measured before the auditor is asked, and kept until it has answered. Null: nothing says how tests are run. */
interface Prepared {
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
        return auditorsRule(deps, { began: place.commit, seen: ranIn(given) });
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
  const { place, repo, touched, held, measure } = await openAudit(deps, task, sources);
  const given = touched.isInstallable
    ? ((await uninstallable(deps, { repo, ...place })) ??
      (await measure(place.commit, { locked: held, control: false }).catch(notInstalled)))
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
  const { place, repo, touched, isTest, held, measure } = await openAudit(deps, task, sources);
  const { locked, findings } = touched;
  const { planning } = sources.outputs;
  const { given, oldTests } = conversation.prepared as Prepared;
  const criteria = planFacts(planning).criteria.map(({ id }) => id);
  const { published } = conversation;
  const added = await publishTests(deps, task, {
    ...{ commit: place.commit, published, tree: answer.tree, step: task.step },
    ...{ output, criteria, given: given ?? undefined, oldTests, locked },
  });
  const unfit = unfitTests(added);
  if (unfit.length > 0 && mayReject) return { kind: 'rejected', reasons: unfit };
  const now = { base: place.base, commit: added.commit };
  const isAdded = added.commit !== place.commit;
  const relocked = isAdded ? await lockTests(deps.artifacts, held, added) : held;
  const again = { locked: relocked, control: true, proposed: output.test_command };
  const plain = await measure(added.commit, again);
  if (plain === undefined) throw noTestCommand();
  const change = await deps.workspace.diff(repo, place.base, added.commit);
  const facts = auditFacts(planning, { output, added, measured: plain, change, isTest });
  const judged = await judgeAudit(deps, task, {
    ...{ facts, span: { ...now, locked: relocked.lock }, files: relocked.files, plain, sources },
  });
  const { measured, objections, gates } = judged;
  const own = ownMistakes(output, gates);
  if (own.length > 0 && mayReject) return { kind: 'rejected', reasons: own, published: added.commit };
  const runs: Report['runs'] = { given: given ?? undefined, withAdded: isAdded ? measured : undefined };
  const span = { from: place.base, to: added.commit };
  const kept = await keepReport(deps, task, { output, added, gates, runs, measured, span, touched });
  return {
    ...{ kind: 'worked', by: answer.by, usage: answer.usage, evidence: measured.evidence, objections, ...now },
    ...{ locked: relocked.lock, output: kept, notes: describeRun(measured.evidence) },
    ...(isOwnFault(answer, gates, objections) ? { isOwnFault: true as const } : {}),
    findings: {
      judged: [...findings.judged, ...judged.findings.judged],
      found: [...findings.found, ...judged.findings.found],
    },
  };
}

/** True where nothing speaks against moving on but what the auditor alone can mend. A script is not asked again for tests that it named. */
function isOwnFault({ output, isScripted }: Answer<'testing'>, gates: GateVerdict[], objections: string[]): boolean {
  const own = isScripted || output.verdict !== 'pass' ? ['added_tests'] : ['added_tests', 'criteria_shown'];
  const reasons = gates.filter(({ gate }) => own.includes(gate)).flatMap((one) => one.reasons);
  return reasons.length > 0 && reasons.length === objections.length;
}

/** An auditor that finds all well has to name tests that show it: no other role can do that for it. */
function ownMistakes({ verdict }: PhaseOutput<'testing'>, gates: GateVerdict[]): string[] {
  if (verdict !== 'pass') return [];
  return gates.filter(({ gate }) => gate === 'criteria_shown').flatMap(({ reasons }) => reasons);
}

interface Audited {
  facts: AuditFacts;
  span: Parameters<typeof approvedReplacements>[2];
  files: LockedFile[];
  plain: Measured;
  sources: Sources;
}

/** The gates over the auditor's answer, and experiments on its tests where nothing else speaks against them. */
async function judgeAudit(deps: Deps, task: PhaseTask, { facts, span, files, plain, sources }: Audited) {
  const answered = judgeAll('answer_of_auditor', facts);
  const others = reasonsOf(answered);
  const replaced = await judgeReplaced(deps, task, { ...span, files, measured: plain, others });
  const lockedDigest = span.locked?.digest ?? null;
  const standing = { measured: plain, lockedDigest, keepsAll: facts.keepsAll, request: sources.request };
  const isSound = others.length + replaced.objections.length === 0;
  const tried = isSound ? await withExperiments(deps, task, standing) : { ...NOT_TRIED, measured: plain };
  const objections = [...others, ...replaced.objections, ...tried.objections];
  const { judged, found } = tried.findings;
  return {
    ...{ measured: tried.measured, objections, findings: { judged, found: [...replaced.found, ...found] } },
    gates: answered.map(({ gate, ...said }) => verdictOf(gate, said)),
  };
}

const NOT_TRIED = { objections: [], findings: { judged: [], found: [] } };

function auditFacts(
  plan: EarlierOutput<'planning'> | undefined,
  {
    output,
    added,
    measured,
    change,
    isTest,
  }: Pick<Report, 'output' | 'measured'> & { added: Added; change: string; isTest: (path: string) => boolean },
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
    // A test that kept its name is new where it fails without the change.
    isNew: isNew || showsChange(evidence),
    keepsAll: keepsAll(plan),
    alters: alteredBy(change, planned, isTest),
  };
}

function showsChange({ integrity }: Evidence): boolean {
  return integrity?.control?.shows === true;
}
