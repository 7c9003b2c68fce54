/**
 * Classifies a model's turn for the caller: an output, tool calls, or an unusable answer with the reason.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ModelRequest, ToolCall, UnusableAnswer } from '../../ports/model';
import { judgeValue } from './judge-value';
import { FINISH } from './offer';
import { readJson, withoutThinking } from './read-json';
import { callsInText, emptyAnswer, finishedTwice, misfit, notJson } from './unusable';
import type { AnswerVia } from './unusable';

export interface JudgedTurn {
  text: string;
  toolCalls: ToolCall[];
}

export type Judgement =
  { kind: 'output'; output: unknown } | { kind: 'tools'; text: string; toolCalls: ToolCall[] } | UnusableAnswer;

export function judgeTurn({ text, toolCalls }: JudgedTurn, request: ModelRequest, way: AnswerVia): Judgement {
  if (toolCalls.length === 0) return judgeText(text, request, way);
  if (toolCalls.some(({ name }) => name !== FINISH)) return { kind: 'tools', text, toolCalls };
  return judgeFinish(toolCalls, request);
}

function judgeFinish(calls: ToolCall[], { schema }: ModelRequest): Judgement {
  const [first, ...others] = calls as [ToolCall, ...ToolCall[]];
  const firstInput = JSON.stringify(first.input);
  if (calls.some(({ broken }) => broken !== undefined)) return notJson('', 'broken', 'finish');
  if (others.some(({ input }) => !isDeepStrictEqual(input, first.input))) return finishedTwice(firstInput);
  const judged = judgeValue(first.input, schema);
  return judged.kind === 'fits'
    ? { kind: 'output', output: judged.output }
    : misfit(firstInput, judged.misfits, 'finish');
}

function judgeText(text: string, { schema, tools = {} }: ModelRequest, way: AnswerVia): Judgement {
  if (withoutThinking(text).trim() === '') return emptyAnswer(way);
  const names = [...Object.keys(tools), FINISH];
  const json = readJson(text);
  const judged = json.kind === 'read' ? judgeValue(json.value, schema) : undefined;
  if (judged?.kind === 'fits') return { kind: 'output', output: judged.output };
  const isCall = way === 'finish' && (CALL_MARK.test(text) || (json.kind === 'read' && isCallIn(json.value, names)));
  if (isCall) return callsInText(text, names);
  if (json.kind !== 'read') return notJson(text, json.kind, way);
  return misfit(text, judged?.kind === 'misfit' ? judged.misfits : [], way);
}

/** Tool calls that a model wrote as text, as happens if the server does not parse the model's template. */
const CALL_MARK =
  /<tool_call>|<\|?tool_calls?(?:_begin)?\|?>|<function_calls?>|<function=|<invoke name=|\[TOOL_CALLS\]|<\|python_tag\|>|<｜tool▁calls?▁begin｜>|<\|channel\|>commentary to=|```tool_(?:code|call)/i;

function isCallIn(value: unknown, names: string[]): boolean {
  const [call] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (typeof call !== 'object' || call === null) return false;
  const { name, tool, function: functionMember, ...otherMembers } = call as Record<string, unknown>;
  // In OpenAI's form the member `function` is an object with the name and the arguments; in other forms it is the name.
  const isNested = typeof functionMember === 'object' && functionMember !== null;
  const functionName = isNested ? (functionMember as Record<string, unknown>)['name'] : functionMember;
  const hasInput = ['arguments', 'parameters', 'input', 'args'].some((key) => key in otherMembers) || isNested;
  return (
    hasInput &&
    [name, tool, functionName].some((candidate) => typeof candidate === 'string' && names.includes(candidate))
  );
}
