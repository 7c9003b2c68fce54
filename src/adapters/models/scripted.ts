/**
 * Answers from a file instead of a model, for the demonstration and the tests. Every reply is marked as scripted.
 *
 * It keeps no state: an answer depends only on phase, attempt and step, so a restarted worker gets the same answer.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../domain/failures';
import type { ModelReply, ModelRequest, RoleModel, ToolCall } from '../../ports/model';
import { judgeValue } from './judge-value';
import { readScript, type Script, type ScriptAnswer } from './script-file';

/** Throws Failure `Model.NotConfigured` if the file cannot be used. */
export function createScriptedModel(file: string): RoleModel {
  const script = readScript(file);
  const id = `scripted:${script.name}`;
  return {
    id,
    scripted: true,
    async call(request) {
      const answer = findAnswer(script, request);
      await pause(answer.delay_ms, request);
      return toReply(id, answer, request);
    },
  };
}

function findAnswer(script: Script, { phase, attempt, step }: ModelRequest): ScriptAnswer {
  const answer = script.phases[phase]?.[attempt - 1]?.[step - 1];
  if (answer !== undefined) return answer;
  throw new Failure(
    'Model.ScriptEnded',
    `the script "${script.name}" has no answer for ${phase}, attempt ${attempt}, step ${step}`,
  );
}

async function pause(ms: number, { signal }: ModelRequest): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return;
  try {
    await wait(ms, undefined, { signal });
  } catch {
    // The timer rejects with its own AbortError. Rethrow the caller's reason, by which a cancellation is recognised.
    signal.throwIfAborted();
  }
}

function toReply(id: string, answer: ScriptAnswer, request: ModelRequest): ModelReply {
  // No provider was called, so the usage is a known zero.
  const common = { model: id, scripted: true, usage: { inputTokens: 0, outputTokens: 0 }, calls: 0 };
  if (answer.tools)
    return { ...common, kind: 'tools', text: answer.text, toolCalls: toToolCalls(id, answer.tools, request) };
  const judged = judgeValue(answer.output, request.schema);
  if (judged.kind === 'fits') return { ...common, kind: 'output', output: judged.output };
  throw scriptFailure(id, request, judged.misfits.map(({ path, message }) => `${path}: ${message}`).join('; '));
}

function toToolCalls(id: string, tools: NonNullable<ScriptAnswer['tools']>, request: ModelRequest): ToolCall[] {
  return tools.map(({ name, input }, index) => {
    if (!request.tools || !(name in request.tools))
      throw scriptFailure(id, request, `the tool "${name}" is not offered here`);
    return { id: `${request.phase}-${request.attempt}-${request.step}-${index + 1}`, name, input };
  });
}

function scriptFailure(id: string, { phase, attempt, step }: ModelRequest, problem: string): Failure {
  return new Failure('Role.OutputInvalid', `${id}: ${phase}, attempt ${attempt}, step ${step}: ${problem}`);
}
