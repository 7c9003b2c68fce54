/**
 * Verification: the gates first, then the overseer's own judgement on what was measured. It can add objections; it can lift none.
 *
 * A change that fails a gate goes back before a model is paid.
 */
import { contextText } from '../../domain/context';
import type { ContextInput } from '../../domain/context';
import { unfounded } from '../../domain/gates/checklist';
import type { ChangeFacts } from '../../domain/gates/facts';
import { boundReasons } from '../../domain/gates/verdict';
import type { GateVerdict } from '../../domain/gates/verdict';
import type { Outcome, Worked as WorkedOutcome } from '../../domain/build/outcomes';
import { askOnce } from '../ask-role';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { judgeCommit } from './judge-commit';
import type { Judgement } from './judge-commit';
import type { PhaseOutput } from '../outputs';

export async function verify(deps: Deps, given: PhaseTask): Promise<Outcome> {
  const judgement = await judgeCommit(deps, given);
  const outcome =
    judgement.objections.length > 0 ? await sendBack(deps, judgement) : await askOverseer(deps, judgement);
  return { ...outcome, ...judgement.proven };
}

type Worked = WorkedOutcome & { usage: Outcome['usage'] };

async function sendBack(deps: Deps, { facts, gates, tampering, objections }: Judgement): Promise<Worked> {
  const failed = gates.filter(({ pass }) => !pass).map(({ gate }) => gate);
  const report = { approved: false, checklist: [], recommendations: [], gates, tampering, checks: ranChecks(facts) };
  return {
    ...{ kind: 'worked', by: 'orchestrator', objections },
    usage: { calls: 0, inputTokens: null, outputTokens: null },
    output: await deps.artifacts.put(JSON.stringify(report)),
    notes:
      failed.length > 0
        ? `${failed.length} of ${gates.length} gates failed: ${failed.join(', ')}`
        : 'tampering with what judges the change',
  };
}

async function askOverseer(deps: Deps, { task, context, facts, gates }: Judgement): Promise<Worked> {
  const diff = await deps.workspace.diff(task, task.base, task.commit);
  const text = contextText({ ...context, diff, gates });
  const { output, by, usage } = await askOnce(deps, { ...task, phase: 'verification' }, text);
  const paths = (await deps.workspace.list(task)).map(({ path }) => path);
  const baseless = unfounded(output.checklist, knownThings(task, context, facts, gates, paths));
  const objections = boundReasons([...findingsOf(output), ...baseless]);
  const judged = objections.length === 0 ? `approved, ${output.checklist.length} items checked` : 'not approved';
  return {
    ...{ kind: 'worked', by, usage, objections },
    output: await deps.artifacts.put(JSON.stringify({ ...output, gates, checks: ranChecks(facts) })),
    notes: `${gates.length} gates passed; ${judged}`,
  };
}

function ranChecks({ checks }: ChangeFacts) {
  return checks.flatMap(({ kind, run }) => (run === null ? [] : [{ check: kind, ...run }]));
}

/** What an entry of the checklist may stand on. */
function knownThings(
  task: PhaseTask,
  context: ContextInput,
  { files, criteria, plan, evidence }: ChangeFacts,
  gates: GateVerdict[],
  paths: string[],
) {
  const { test_cases: cases } = (context.outputs.implementation ?? {}) as { test_cases?: Array<{ name?: unknown }> };
  const { requirements } = (context.outputs.discovery ?? {}) as { requirements?: Array<{ id?: unknown }> };
  const claimed = Array.isArray(cases) ? cases.map(({ name }) => String(name)) : [];
  const required = Array.isArray(requirements) ? requirements.map(({ id }) => String(id)) : [];
  const digests = [task.commit, task.base, evidence?.logDigest, ...Object.values(task.outputs)].filter(
    (one) => one != null,
  );
  return {
    paths: [...paths, ...files.map(({ path }) => path)],
    // Where the run did not name its tests, a name that the coder gave is the best there is.
    tests: criteria.tests?.map(({ name }) => name) ?? claimed,
    names: [...digests, ...gates.flatMap((gate) => gate.evidence), ...required, ...plan.criteria.map(({ id }) => id)],
  };
}

function findingsOf({ approved, checklist }: PhaseOutput<'verification'>): string[] {
  const grave = checklist.filter(({ severity }) => severity === 'critical' || (!approved && severity === 'major'));
  const found = grave.map(({ item, severity, finding }) => `${item} (${severity}): ${finding}`);
  return approved || found.length > 0 ? found : ['the Verification Overseer does not approve'];
}
