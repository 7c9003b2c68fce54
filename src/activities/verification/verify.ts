/**
 * The verification phase: runs the gates, then asks the Verification Overseer to judge the measurements. The overseer can add
 * objections, but cannot remove one of a gate.
 *
 * A change that fails a gate goes back without a model call.
 */
import { judgeAll, reasonsOf } from '../../domain/gates';
import { boundReasons, verdictOf } from '../../domain/gates/gate';
import type { GateVerdict } from '../../domain/gates/gate';
import type { NamedEvidence } from '../../domain/evidence/named-evidence';
import type { KnownThings } from '../../domain/gates/known-things';
import type { Outcome, Worked as WorkedOutcome } from '../../domain/build/outcome';
import { NOTHING_USED } from '../../domain/build/usage';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { blockedByOrigins } from '../testing/origins';
import type { TreeAt } from '../../ports/workspace';
import { judgeCommit } from './judge-commit';
import type { Judgement } from './judge-commit';
import { roleContext } from '../role-context';
import type { Sources } from '../sources';
import { startingCommit } from '../starting-commit';
import { stepCommits } from '../steps/step-commits';
import { takeStep } from '../steps/take-step';
import type { Answer, Opening, Rejected } from '../steps/take-step';

/** The judgement before the overseer's first call. It is stored in the conversation, so the names of its members must not change. */
interface Prepared {
  proven: Judgement['proven'];
  findings: Judgement['findings'];
  gates: GateVerdict[];
  evidence: NamedEvidence[];
  /** The names that an entry of the checklist may cite as evidence, in addition to the paths of the tree. */
  known: KnownThings;
}

export async function verify(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  const begun = await startingCommit(deps, task, sources.request);
  const stepSettings = stepCommits(task, sources.request, begun);
  return takeStep(
    deps,
    { ...task, phase: 'verification' },
    {
      ...stepSettings,
      open: () => judgeFirst(deps, task, sources),
      async finish(answer) {
        const { conversation } = answer;
        return judgeAnswer(deps, { at: stepSettings.at, prepared: conversation.prepared as Prepared }, answer);
      },
    },
  );
}

async function judgeFirst(deps: Deps, task: StepTask, sources: Sources): Promise<Opening> {
  const blocked = await blockedByOrigins(deps, task, sources);
  if (blocked !== null) return { outcome: await sendBackUnmeasured(deps, blocked) };
  const judgement = await judgeCommit(deps, task, sources);
  const { proven, findings, gates, evidence } = judgement;
  if (judgement.objections.length > 0)
    return { outcome: { ...(await sendBack(deps, judgement)), ...proven, findings } };
  const { base, commit, evidence: tests } = judgement.task;
  const first = await roleContext(deps, judgement.task, { sources, base, commit, evidence: tests, gates });
  const prepared: Prepared = { proven, findings, gates, evidence, known: knownThings(judgement, sources) };
  return { ...first, prepared, commit };
}

type Worked = WorkedOutcome & { usage: Outcome['usage'] };

/** Sends a change of unknown origin back. Nothing was installed, so nothing was measured. */
async function sendBackUnmeasured(
  deps: Deps,
  { base, commit, objections, findings }: NonNullable<Awaited<ReturnType<typeof blockedByOrigins>>>,
): Promise<Outcome> {
  const report = { approved: false, checklist: [], recommendations: [], origins: objections };
  return {
    ...{
      kind: 'worked',
      by: 'orchestrator',
      objections: boundReasons(objections),
      findings,
      base,
      commit,
      evidence: null,
    },
    usage: NOTHING_USED,
    output: await deps.artifacts.put(JSON.stringify(report)),
    notes: 'not measured: its packages are not installed',
  };
}

async function sendBack(deps: Deps, { proven, gates, evidence, touched, objections }: Judgement): Promise<Worked> {
  const failed = gates.filter(({ pass }) => !pass).map(({ gate }) => gate);
  const { commit } = proven;
  const judged = { gates, tampering: touched.objections, evidence, commit };
  const report = { approved: false, checklist: [], recommendations: [], ...judged };
  return {
    ...{ kind: 'worked', by: 'orchestrator', objections },
    usage: NOTHING_USED,
    output: await deps.artifacts.put(JSON.stringify(report)),
    notes:
      failed.length > 0
        ? `${failed.length} of ${gates.length} gates failed: ${failed.join(', ')}`
        : 'tampering with what judges the change',
  };
}

async function judgeAnswer(
  deps: Deps,
  { at, prepared }: { at: TreeAt; prepared: Prepared },
  { output, by, usage, mayReject }: Answer<'verification'>,
): Promise<Outcome | Rejected> {
  const { proven, findings, gates, evidence, known } = prepared;
  const paths = (await deps.workspace.list(at)).map(({ path }) => path);
  const facts = { ...output, known: { ...known, paths: [...paths, ...known.paths] } };
  const overseerVerdicts = judgeAll('answer_of_overseer', facts);
  const objections = boundReasons(reasonsOf(overseerVerdicts));
  const failed = overseerVerdicts.filter(({ reasons }) => reasons.length > 0).map(({ gate }) => gate);
  // Only the overseer itself can mend its checklist.
  const isOwnFault = failed.length > 0 && failed.every((gate) => gate === 'checklist');
  if (isOwnFault && mayReject) return { kind: 'rejected', reasons: objections };
  const table = [...gates, ...overseerVerdicts.map(({ gate, ...verdict }) => verdictOf(gate, verdict))];
  const judged = objections.length === 0 ? `approved, ${output.checklist.length} items checked` : 'not approved';
  const { commit } = proven;
  return {
    ...{ kind: 'worked', by, usage, objections },
    ...(isOwnFault ? { isOwnFault } : {}),
    output: await deps.artifacts.put(JSON.stringify({ ...output, gates: table, evidence, commit })),
    notes: `${gates.length} gates passed; ${judged}`,
    ...{ ...proven, findings },
  };
}

/** Gives the names that an entry of the checklist may cite as evidence. */
function knownThings({ task, facts, gates }: Judgement, { outputs }: Sources): KnownThings {
  const { files, criteria, plan, evidence } = facts;
  const claimed = outputs.implementation?.output.test_cases ?? [];
  const required = outputs.discovery?.output.requirements ?? [];
  const digests = [task.commit, task.base, evidence?.logDigest, ...Object.values(task.outputs)];
  const ids = [...required, ...plan.criteria].map(({ id }) => id);
  return {
    paths: files.map(({ path }) => path),
    // If the run names no tests, the test names of the Code Writer are used.
    tests: criteria.tests?.map(({ name }) => name) ?? claimed.flatMap(({ name }) => name ?? []),
    names: [...digests, ...gates.flatMap((gate) => gate.evidence), ...ids].filter((name) => name != null),
  };
}
