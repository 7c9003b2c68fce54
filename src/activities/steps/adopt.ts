/**
 * Judges an answer again after a person has approved its findings, so that the build does not pay for the same answer twice.
 *
 * If the gates now have other objections, the role's model is called. The stored answer is then marked as refused, so that a retry of the
 * activity does not judge it once more.
 */
import { digestOf } from '../../inspect/digest';
import { canonicalJson } from '../../domain/canonical';
import type { Outcome, Worked } from '../../domain/build/outcome';
import { NOTHING_USED } from '../../domain/build/usage';
import { judgeState } from '../../domain/gates';
import { callKeyOf } from '../../domain/ids';
import { PHASES } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { OUTPUT_SCHEMAS } from '../outputs';
import type { HeldAnswer } from '../../ports/documents';
import type { ModelReply } from '../../ports/model';
import type { Conversation } from './conversation';
import type { Answer, StepContext } from './take-step';

/** Stores which call gave the answer, if the outcome has findings that a person may approve. */
export async function keepHeldAnswer({ documents }: Pick<Deps, 'documents'>, task: StepTask, outcome: Outcome) {
  if (outcome.kind !== 'worked' || (outcome.findings?.found ?? []).length === 0) return;
  const { step } = task;
  const commit = outcome.commit ?? task.commit;
  await documents.replace('held-answers', keyOf(task, task.attempt), { step, commit, asked: askedOf(task) });
}

/** Gives the outcome of the stored answer; undefined where the role's model must be called. */
export async function judgeStoredAnswer<P extends Phase>(
  { deps, task, definition }: StepContext<P>,
  conversation: Conversation,
): Promise<Outcome | undefined> {
  const found = await loadAnswer(deps, task);
  // The commit differs where an external role has handed over or pushed other work since then.
  if (found === undefined || found.held.commit !== definition.at.commit) return undefined;
  const { key, held, reply } = found;
  // The schema of an older version may have been different.
  const parsed = OUTPUT_SCHEMAS[task.phase].safeParse(reply.output);
  if (!parsed.success) return undefined;
  const output = parsed.data as Answer<P>['output'];
  const source = { by: reply.model, isScripted: reply.scripted, usage: NOTHING_USED, mayReject: false };
  const outcome = await definition.finish({ ...source, output, tree: definition.at.commit, conversation });
  if (outcome.kind === 'worked' && allObjections(task, outcome).length === 0) return outcome;
  await deps.documents.replace('held-answers', key, { ...held, isRefused: true });
  return undefined;
}

/** Gives the objections of the phase and those that the build workflow will raise about its own state. */
function allObjections(task: StepTask, { objections, ...ended }: Worked): string[] {
  const { evidence = task.evidence, commit = task.commit, locked = task.locked, release = null } = ended;
  const { phase, coverageFloorPercent } = task;
  return [...judgeState(phase, { evidence, commit, locked, release, coverageFloorPercent }), ...objections];
}

interface StoredAnswer {
  key: string;
  held: HeldAnswer;
  reply: ModelReply & { kind: 'output' };
}

async function loadAnswer({ documents }: Pick<Deps, 'documents'>, task: StepTask): Promise<StoredAnswer | undefined> {
  const { adopts } = task;
  if (adopts === undefined || task.step > 1) return undefined;
  const key = keyOf(task, adopts);
  const held = await documents.load('held-answers', key);
  if (held === undefined || held.isRefused === true || held.asked !== askedOf(task)) return undefined;
  const kept = await documents.load('calls', callKeyOf({ ...task, attempt: adopts, step: held.step }));
  return kept?.reply.kind === 'output' ? { key, held, reply: kept.reply } : undefined;
}

function keyOf(task: StepTask, attempt: number): string {
  return callKeyOf({ ...task, attempt, step: 1 });
}

/** Digest of what the role works from: the request, a person's answers and the outputs of earlier phases. */
function askedOf({ phase, request, base, outputs, answers }: StepTask): string {
  const earlier = PHASES.slice(0, PHASES.indexOf(phase)).map((name) => outputs[name] ?? null);
  return digestOf(canonicalJson({ request, base, earlier, answers }));
}
