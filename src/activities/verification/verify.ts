/**
 * Verification: the gates first, then the overseer's own judgement on what was measured. It can add objections; it can lift none.
 *
 * A change that fails a gate goes back before a model is paid.
 */
import { judgeAll, reasonsOf } from '../../domain/gates';
import { boundReasons, verdictOf } from '../../domain/gates/gate';
import type { KnownThings } from '../../domain/gates/known-things';
import type { Outcome, Worked as WorkedOutcome } from '../../domain/build/outcomes';
import { askOnce } from '../ask-role';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { heldByOrigins } from '../testing/origins';
import { judgeCommit } from './judge-commit';
import type { Judgement } from './judge-commit';
import { roleContext } from '../role-context';
import type { Sources } from '../sources';

export async function verify(deps: Deps, given: PhaseTask, sources: Sources): Promise<Outcome> {
  const held = await heldByOrigins(deps, given, sources);
  if (held !== null) return holdUnmeasured(deps, held);
  const judgement = await judgeCommit(deps, given, sources);
  const outcome =
    judgement.objections.length > 0 ? await sendBack(deps, judgement) : await askOverseer(deps, judgement, sources);
  return { ...outcome, ...judgement.proven, findings: judgement.findings };
}

type Worked = WorkedOutcome & { usage: Outcome['usage'] };

/** Nothing of it was installed, so nothing was measured. */
async function holdUnmeasured(
  deps: Deps,
  { base, commit, objections, findings }: NonNullable<Awaited<ReturnType<typeof heldByOrigins>>>,
): Promise<Outcome> {
  const said = { approved: false, checklist: [], recommendations: [], origins: objections };
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
    usage: { calls: 0, inputTokens: null, outputTokens: null },
    output: await deps.artifacts.put(JSON.stringify(said)),
    notes: 'not measured: its packages are not installed',
  };
}

async function sendBack(deps: Deps, { proven, gates, evidence, touched, objections }: Judgement): Promise<Worked> {
  const failed = gates.filter(({ pass }) => !pass).map(({ gate }) => gate);
  const { commit } = proven;
  const held = { gates, tampering: touched.objections, evidence, commit };
  const said = { approved: false, checklist: [], recommendations: [], ...held };
  return {
    ...{ kind: 'worked', by: 'orchestrator', objections },
    usage: { calls: 0, inputTokens: null, outputTokens: null },
    output: await deps.artifacts.put(JSON.stringify(said)),
    notes:
      failed.length > 0
        ? `${failed.length} of ${gates.length} gates failed: ${failed.join(', ')}`
        : 'tampering with what judges the change',
  };
}

async function askOverseer(deps: Deps, judgement: Judgement, sources: Sources): Promise<Worked> {
  const { task, gates, evidence } = judgement;
  const { base, commit, evidence: tests } = task;
  const text = await roleContext(deps, task, { sources, base, commit, evidence: tests, gates });
  const { output, by, usage } = await askOnce(deps, { ...task, phase: 'verification' }, text);
  const paths = (await deps.workspace.list(task)).map(({ path }) => path);
  const facts = { ...output, known: knownThings(judgement, sources, paths) };
  const answered = judgeAll('answer_of_overseer', facts);
  const objections = boundReasons(reasonsOf(answered));
  const table = [...gates, ...answered.map(({ gate, ...said }) => verdictOf(gate, said))];
  const judged = objections.length === 0 ? `approved, ${output.checklist.length} items checked` : 'not approved';
  return {
    ...{ kind: 'worked', by, usage, objections },
    output: await deps.artifacts.put(JSON.stringify({ ...output, gates: table, evidence, commit })),
    notes: `${gates.length} gates passed; ${judged}`,
  };
}

/** What an entry of the checklist may stand on. */
function knownThings({ task, facts, gates }: Judgement, { outputs }: Sources, paths: string[]): KnownThings {
  const { files, criteria, plan, evidence } = facts;
  const claimed = outputs.implementation?.output.test_cases ?? [];
  const required = outputs.discovery?.output.requirements ?? [];
  const digests = [task.commit, task.base, evidence?.logDigest, ...Object.values(task.outputs)];
  const ids = [...required, ...plan.criteria].map(({ id }) => id);
  return {
    paths: [...paths, ...files.map(({ path }) => path)],
    // Where the run did not name its tests, a name that the coder gave is the best there is.
    tests: criteria.tests?.map(({ name }) => name) ?? claimed.flatMap(({ name }) => name ?? []),
    names: [...digests, ...gates.flatMap((gate) => gate.evidence), ...ids].filter((name) => name != null),
  };
}
