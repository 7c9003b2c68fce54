/**
 * The malformed answers of the Code Writer's model, one row for each whole build; the other roles answer as scripted.
 */
import * as server from '../../test/adapters/models/faulty-server';
import type { Reply } from '../../test/adapters/models/faulty-server';
import { answerOf, chatEvents, event } from '../../test/adapters/models/protocols';
import type { Answer } from '../../test/adapters/models/protocols';
import type { MockTurn, ScriptedCall } from '../engineer/mock-server';
import { CODE, EMOJI_FILE, TINY_OUTPUTS, WRITE } from './tiny';

export interface MalformedRow {
  /** The id in the list of misbehaving models, such as `M5`; after a comma, the variant if one id has several rows. */
  row: string;
  /** Gives the malformed answer; undefined if the mock answers as scripted. */
  reply(turn: MockTurn): Reply | undefined;
}

const output = JSON.stringify(TINY_OUTPUTS.implementation);
const withFiles = JSON.stringify({
  ...TINY_OUTPUTS.implementation,
  files: [{ path: 'sum.js', content: CODE, base64: null, executable: null }],
});
const textReply = (text: string, more?: Answer): Reply => server.events(chatEvents(text, answerOf(more)));
const callOf = ({ name, input }: ScriptedCall, id = 'call_x') => ({ id, name, input: JSON.stringify(input) });
const callReply = (scripted: ScriptedCall, id?: string): Reply => textReply('', { calls: [callOf(scripted, id)] });

/** Replies this to the first request; the scripted answers follow. */
const replyOnce =
  (reply: Reply) =>
  ({ earlierRequests }: MockTurn) =>
    earlierRequests === 0 ? reply : undefined;
/** Replies this to the first request; refuses the next one if it lacks what the real server requires. */
const replyThenRequire =
  (reply: Reply, back: RegExp, next?: Reply) =>
  ({ earlierRequests, body }: MockTurn) => {
    if (earlierRequests === 0) return reply;
    if (earlierRequests > 1) return undefined;
    return back.test(body) ? next : server.status(400, {}, `missing ${back.source}`);
  };
/** Refuses requests with a field that the server does not know; answers others with `reply`. */
const refuseField =
  (words: RegExp, reply?: Reply) =>
  ({ body }: MockTurn) => {
    const word = words.exec(body)?.[1];
    return word === undefined ? reply : server.status(400, {}, `unknown field ${word}`);
  };
/** Lets the scripted answer write the file, then replies this text in place of `finish`. */
const replyAtEnd =
  (text: string) =>
  ({ turn }: MockTurn) =>
    turn === 0 ? undefined : textReply(text);

const cutCall = (): Reply =>
  textReply('', { calls: [{ id: 'call_x', name: 'write', input: '{"path":"sum.js","content":"exports.' }] });

function chunks(deltas: object[], usages: object[]): Reply {
  const chunk = (rest: object) => event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', ...rest });
  return server.events([
    ...deltas.map((delta) => chunk({ choices: [{ index: 0, delta, finish_reason: null }] })),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }),
    ...usages.map((usage) => chunk({ choices: [], usage })),
    'data: [DONE]\n\n',
  ]);
}
const writeDelta = (more: object = {}) => ({
  role: 'assistant',
  tool_calls: [
    {
      ...{ index: 0, id: 'call_x', type: 'function', ...more },
      function: { name: WRITE.name, arguments: JSON.stringify(WRITE.input) },
    },
  ],
});
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
/** Half of a surrogate pair without the other half, as JSON escapes it. */
const LONE_SURROGATE = /\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}/i;

export const MALFORMED_ROWS: MalformedRow[] = [
  { row: 'M1', reply: replyThenRequire(cutCall(), /"arguments":"\{\}"/, callReply(WRITE)) },
  {
    row: 'M2',
    reply: replyThenRequire(textReply('', { calls: [callOf(WRITE)], reasoning: 'hm' }), /"reasoning_content":"hm"/),
  },
  {
    row: 'M3',
    reply: replyThenRequire(
      chunks([writeDelta({ extra_content: { google: { thought_signature: 'S' } } })], [usage]),
      /"thought_signature":"S"/,
    ),
  },
  { row: 'M4', reply: refuseField(/"(tools)":/, textReply(withFiles)) },
  { row: 'M5, words behind it', reply: replyAtEnd(`${output}\n\nHope this helps!`) },
  { row: 'M5, two objects for ever', reply: replyAtEnd(`${output}\n${withFiles}`) },
  { row: 'M6', reply: replyAtEnd(`<think>Is it done?</think>\n${output}`) },
  { row: 'M7, once', reply: replyOnce(textReply('', { reasoning: output })) },
  { row: 'M7, for ever', reply: () => textReply('', { reasoning: output }) },
  { row: 'M8', reply: replyAtEnd(`Sure!\n\n\`\`\`\`JSON\n${output}\n\`\`\`\`\nLet me know.`) },
  { row: 'M9, once', reply: replyOnce(textReply('', { finish: 'length', calls: [callOf(WRITE)] })) },
  { row: 'M9, for ever', reply: () => textReply('', { finish: 'length', calls: [callOf(WRITE)] }) },
  {
    row: 'M11',
    reply: ({ earlierRequests, body }) => {
      if (earlierRequests === 0) return callReply({ name: 'read', input: { path: EMOJI_FILE } });
      if (LONE_SURROGATE.test(body)) return server.status(400, {}, 'lone surrogate');
      return earlierRequests === 1 ? callReply(WRITE) : undefined;
    },
  },
  {
    row: 'M12',
    reply: ({ earlierRequests }) => {
      if (earlierRequests === 0)
        return callReply({ name: 'write', input: { path: 'sum.js', content: `${CODE}// \ud83d\n` } });
      return earlierRequests === 1 ? callReply(WRITE) : undefined;
    },
  },
  { row: 'M13, once', reply: replyOnce(textReply('<tool_call>{"name":"write"}</tool_call>')) },
  { row: 'M13, for ever', reply: () => textReply('<tool_call>{"name":"write"}</tool_call>') },
  {
    row: 'M14',
    reply: ({ earlierRequests }) => {
      if (earlierRequests === 0) return callReply(WRITE, 'call_0');
      return earlierRequests === 1
        ? callReply({ name: 'write', input: { path: '../x', content: 'x' } }, 'call_0')
        : undefined;
    },
  },
  { row: 'M15', reply: replyOnce(server.status(429, { 'retry-after': '309600' })) },
  { row: 'M16', reply: () => callReply({ name: 'list', input: {} }) },
  { row: 'M17', reply: refuseField(/"(maxLength)":/) },
  { row: 'M18', reply: () => server.status(400, {}, 'this model was retired') },
  {
    row: 'M19, told twice',
    reply: replyOnce(chunks([writeDelta()], [usage, usage])),
  },
  { row: 'M19, not told', reply: replyOnce(chunks([writeDelta()], [])) },
];
