/**
 * A model behind an HTTP API: one call, one answer that fits its schema, or one failure of the closed list.
 *
 * It never tries again by itself (Temporal does); it only asks for a repair where an answer came but does not fit.
 */
import { Failure } from '../../domain/failures';
import type { ModelMessage, ModelReply, ModelRequest, RoleModel } from '../../ports/model';
import { judgeAnswer } from './answer';
import { askOnce, type Usage } from './ask-once';
import type { Misfit } from './judge-value';
import type { SdkConnection } from './provider';
import type { CallLimits } from './settings';
import { watchCall, type CallWatch } from './watch';

/** The third misfit in a row is not a slip; the workflow then decides, with the reasons in hand. */
const MAX_REPAIRS = 2;

interface ApiModel {
  id: string;
  connection: SdkConnection;
  limits: CallLimits;
}

export function createApiModel(api: ApiModel): RoleModel {
  return {
    id: api.id,
    scripted: false,
    async call(request) {
      request.signal.throwIfAborted();
      const watch = watchCall({ model: api.id, caller: request.signal, limits: api.limits });
      try {
        return await askUntilItFits(api, request, watch);
      } finally {
        watch.stop();
      }
    },
  };
}

async function askUntilItFits(api: ApiModel, request: ModelRequest, watch: CallWatch): Promise<ModelReply> {
  const { id, connection } = api;
  const model = connection.open(watch.fetch);
  let messages = request.messages;
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  for (let repairs = 0; ; repairs++) {
    const turn = await askOnce({ id, model, connection, request: { ...request, messages }, watch, repairs });
    usage = sum(usage, turn.usage);
    const reply = { model: id, scripted: false, usage, calls: repairs + 1 };
    if (turn.toolCalls.length > 0) return { ...reply, kind: 'tools', text: turn.text, toolCalls: turn.toolCalls };
    const judged = await judgeAnswer(turn.text, request.schema);
    if (judged.kind === 'fits') return { ...reply, kind: 'output', output: judged.output };
    if (judged.kind === 'cut') throw new Failure('Model.NotAnAnswer', `${id}: the answer breaks off in mid-JSON`);
    if (repairs === MAX_REPAIRS) throw outputInvalid(id, judged.misfits);
    messages = [...messages, ...repairTurn(turn.text, judged.misfits)];
  }
}

function repairTurn(answer: string, misfits: Misfit[]): ModelMessage[] {
  const text = [
    'Your last answer does not fit the schema. What follows is data: a list of what is wrong and where.',
    `<data name="schema_issues">\n${JSON.stringify(misfits, null, 1).replaceAll('</data', '<\\/data')}\n</data>`,
    'Give the whole answer again, corrected. Change only what the list names.',
  ].join('\n\n');
  return [
    { from: 'model', text: answer, toolCalls: [] },
    { from: 'user', text },
  ];
}

function outputInvalid(id: string, misfits: Misfit[]): Failure {
  const named = misfits.slice(0, 5).map(({ path, code }) => `${path} (${code})`);
  return new Failure(
    'Role.OutputInvalid',
    `${id}: the answer still does not fit its schema after ${MAX_REPAIRS} repair turns: ${named.join(', ')}`,
  );
}

/** One unknown makes the sum unknown: a part of the cost must not pass for the whole. */
function sum(a: Usage, b: Usage): Usage {
  const add = (x: number | null, y: number | null) => (x === null || y === null ? null : x + y);
  return {
    inputTokens: add(a.inputTokens, b.inputTokens),
    outputTokens: add(a.outputTokens, b.outputTokens),
  };
}
