/**
 * One model call of a role: stored before anything else happens, adopted by whoever tries again.
 */
import { Context } from '@temporalio/activity';
import { callKeyOf } from '../domain/ids';
import { PHASE_OWNER } from '../domain/roles';
import type { Phase } from '../domain/roles';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { guidesShown } from './guides';
import type { KeptCall } from '../ports/documents';
import type { ModelMessage, ModelReply, ModelRequest } from '../ports/model';
import { OUTPUT_SCHEMAS } from './outputs';
import type { PhaseOutput } from './outputs';

export interface Question {
  step: number;
  messages: ModelMessage[];
  tools?: NonNullable<ModelRequest['tools']>;
}

/** Nothing is paid twice: a call that was answered is found under its key, whatever died after it. */
export async function askRole(deps: Deps, task: PhaseTask, question: Question): Promise<ModelReply> {
  const key = callKeyOf({ ...task, step: question.step });
  const kept = await deps.documents.load('calls', key);
  if (kept !== undefined) return kept.reply;
  const role = PHASE_OWNER[task.phase];
  const prompt = deps.prompts.of(task.phase);
  const { phase, generation, attempt } = task;
  const reply = await deps.modelFor(role).call({
    ...{ role, phase, generation, attempt, ...question },
    system: prompt.text,
    schema: OUTPUT_SCHEMAS[phase],
    signal: Context.current().cancellationSignal,
    idempotencyKey: key,
  });
  const guides = guidesShown();
  const at = new Date().toISOString();
  const call: KeptCall = { reply, promptDigest: prompt.digest, at, ...(guides && { guides }) };
  return (await deps.documents.keepFirst('calls', key, call)).reply;
}

/** For roles that answer at once: the output, checked against the phase's schema, and kept as an artifact. */
export async function askOnce<P extends Phase>(deps: Deps, task: PhaseTask & { phase: P }, text: string) {
  const reply = await askRole(deps, task, { step: 1, messages: [{ from: 'user', text }] });
  const output = OUTPUT_SCHEMAS[task.phase].parse(reply.kind === 'output' ? reply.output : undefined) as PhaseOutput<P>;
  return { output, by: reply.model, usage: usageOf(reply), kept: await deps.artifacts.put(JSON.stringify(output)) };
}

export function usageOf({ calls, usage }: ModelReply) {
  return { calls, ...usage };
}
