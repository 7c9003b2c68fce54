/**
 * An answer that findings held until a person approved them is judged again as it was: its role has nothing new to say, and is not paid
 * again. Where something else speaks against it now, the role is asked, and each later try of the activity asks at once: the call may
 * have been paid.
 */
import { digestOf } from '../../inspect/digest';
import { canonicalJson } from '../../domain/canonical';
import type { Outcome, Worked } from '../../domain/build/outcomes';
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
import type { Answer, Stage } from './take-step';

/** Kept where a person may decide on what was found. */
export async function keepHeldAnswer({ documents }: Pick<Deps, 'documents'>, task: StepTask, outcome: Outcome) {
  if (outcome.kind !== 'worked' || (outcome.findings?.found ?? []).length === 0) return;
  const { step } = task;
  const commit = outcome.commit ?? task.commit;
  await documents.replace('held-answers', keyOf(task, task.attempt), { step, commit, asked: askedOf(task) });
}

/** Undefined where the role is to be asked. */
export async function judgeAgain<P extends Phase>(
  { deps, task, part }: Stage<P>,
  conversation: Conversation,
): Promise<Outcome | undefined> {
  const found = await heldAnswer(deps, task);
  // What is handed over or pushed since then is on another commit than the build's.
  if (found === undefined || found.held.commit !== part.at.commit) return undefined;
  const { key, held, reply } = found;
  // An answer of an older version may have another shape.
  const parsed = OUTPUT_SCHEMAS[task.phase].safeParse(reply.output);
  if (!parsed.success) return undefined;
  const output = parsed.data as Answer<P>['output'];
  const told = { by: reply.model, isScripted: reply.scripted, usage: NOTHING_USED, mayReject: false };
  const ended = await part.finish({ ...told, output, tree: part.at.commit, conversation });
  if (ended.kind === 'worked' && reasonsAgainst(task, ended).length === 0) return ended;
  await deps.documents.replace('held-answers', key, { ...held, isRefused: true });
  return undefined;
}

/** Those that the build itself will find are among them. */
function reasonsAgainst(task: StepTask, { objections, ...ended }: Worked): string[] {
  const { evidence = task.evidence, commit = task.commit, locked = task.locked, release = null } = ended;
  const { phase, coverageFloorPercent } = task;
  return [...judgeState(phase, { evidence, commit, locked, release, coverageFloorPercent }), ...objections];
}

interface Found {
  key: string;
  held: HeldAnswer;
  reply: ModelReply & { kind: 'output' };
}

async function heldAnswer({ documents }: Pick<Deps, 'documents'>, task: StepTask): Promise<Found | undefined> {
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

/** What earlier phases gave, the request and its answers. */
function askedOf({ phase, request, base, outputs, answers }: StepTask): string {
  const earlier = PHASES.slice(0, PHASES.indexOf(phase)).map((one) => outputs[one] ?? null);
  return digestOf(canonicalJson({ request, base, earlier, answers }));
}
