/**
 * Verification: the gates first, then the overseer's own judgement on what was measured. It can add objections; it can lift none.
 *
 * A change that fails a gate goes back before a model is paid.
 */
import { contextText } from '../domain/context';
import type { ContextInput } from '../domain/context';
import { unfounded } from '../domain/gates/checklist';
import type { ChangeFacts } from '../domain/gates/facts';
import { judgeChange } from '../domain/gates/judge';
import { boundReasons, objectionsOf } from '../domain/gates/verdict';
import type { GateVerdict } from '../domain/gates/verdict';
import type { Outcome, Worked as WorkedOutcome } from '../domain/outcomes';
import { askOnce } from './ask-role';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { evidenceOf } from './evidence-of';
import type { Proven } from './evidence-of';
import { gatherFacts } from './gather-facts';
import type { PhaseOutput } from './outputs';
import { loadContext } from './request';

export async function verify(deps: Deps, given: PhaseTask): Promise<Outcome> {
  const { proven, tampering } = await evidenceOf(deps, given);
  const task: Judged = { ...given, ...proven };
  const context = await loadContext(deps.artifacts, task);
  const facts = await gatherFacts(deps, task, context.outputs);
  const gates = judgeChange(facts);
  const outcome =
    tampering.length > 0 || gates.some(({ pass }) => !pass)
      ? await sendBack(deps, facts, gates, tampering)
      : await askOverseer(deps, task, context, facts, gates);
  return { ...outcome, ...proven };
}

type Worked = WorkedOutcome & { usage: Outcome['usage'] };
type Judged = PhaseTask & Proven;

async function sendBack(deps: Deps, facts: ChangeFacts, gates: GateVerdict[], tampering: string[]): Promise<Worked> {
  const failed = gates.filter(({ pass }) => !pass).map(({ gate }) => gate);
  const report = { approved: false, checklist: [], recommendations: [], gates, tampering, checks: ranChecks(facts) };
  return {
    ...{ kind: 'worked', by: 'orchestrator', objections: [...tampering, ...objectionsOf(gates)] },
    usage: { calls: 0, inputTokens: null, outputTokens: null },
    output: await deps.artifacts.put(JSON.stringify(report)),
    notes:
      failed.length > 0
        ? `${failed.length} of ${gates.length} gates failed: ${failed.join(', ')}`
        : 'tampering with what judges the change',
  };
}

async function askOverseer(
  deps: Deps,
  task: Judged,
  context: ContextInput,
  facts: ChangeFacts,
  gates: GateVerdict[],
): Promise<Worked> {
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
