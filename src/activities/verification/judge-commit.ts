/**
 * All gates over the commit at hand, on evidence of ours: the same for whoever wants to move on, whatever anybody claims.
 */
import { sha256 } from '../../inspect/digest';
import { PHASES } from '../../domain/roles';
import type { ContextInput } from '../../domain/context';
import type { ChangeFacts } from '../../domain/gates/facts';
import { judgeChange } from '../../domain/gates/judge';
import { boundReasons, objectionsOf } from '../../domain/gates/verdict';
import type { GateVerdict } from '../../domain/gates/verdict';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { evidenceOf } from '../testing/fresh-evidence';
import type { Proven } from '../testing/fresh-evidence';
import { gatherFacts } from './gather-facts';
import { loadContext } from '../context';

export interface Judgement {
  task: PhaseTask & Proven;
  proven: Proven;
  context: ContextInput;
  facts: ChangeFacts;
  gates: GateVerdict[];
  tampering: string[];
  objections: string[];
}

export async function judgeCommit(deps: Deps, given: PhaseTask): Promise<Judgement> {
  const { proven, tampering, tests } = await evidenceOf(deps, given);
  const task = { ...given, ...proven };
  const context = await loadContext(deps.artifacts, task);
  const facts = await gatherFacts(deps, task, context.outputs, tests);
  const gates = judgeChange(facts);
  const objections = boundReasons([...tampering, ...objectionsOf(gates)]);
  if (objections.length === 0) await deps.documents.keepFirst('verified', keyOf(task), { at: facts.now });
  return { task, proven, context, facts, gates, tampering, objections };
}

/** What speaks against releasing this commit; nothing where verification of ours has let exactly this pass. */
export async function unverified(deps: Deps, task: PhaseTask): Promise<string[]> {
  if ((await deps.documents.load('verified', keyOf(task))) !== undefined) return [];
  const { proven, objections } = await judgeCommit(deps, task);
  // Files that somebody outside handed over late are part of another commit than the one that would go live.
  const moved = proven.commit === task.commit ? [] : ['the files handed over are in no verified commit'];
  return [...moved, ...objections];
}

function keyOf({ projectId, buildId, base, commit, locked, outputs }: PhaseTask): string {
  const before = PHASES.slice(0, PHASES.indexOf('verification')).map((phase) => outputs[phase] ?? null);
  const judged = JSON.stringify([projectId, buildId, base, commit, locked?.digest ?? null, before]);
  return sha256(judged);
}
