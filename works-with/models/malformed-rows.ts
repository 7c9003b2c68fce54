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
  /** The id in the list of misbehaving models, such as `M5`; after a comma, the variant where one id has several rows. */
  row: string;
  /** Gives the malformed answer; undefined where the mock answers as scripted. */
  reply(turn: MockTurn): Reply | undefined;
}

const output = JSON.stringify(TINY_OUTPUTS.implementation);
const withFiles = JSON.stringify({
  ...TINY_OUTPUTS.implementation,
  files: [{ path: 'sum.js', content: CODE, base64: null, executable: null }],
});
const say = (text: string, more?: Answer): Reply => server.events(chatEvents(text, answerOf(more)));
const callOf = ({ name, input }: ScriptedCall, id = 'call_x') => ({ id, name, input: JSON.stringify(input) });
const use = (scripted: ScriptedCall, id?: string): Reply => say('', { calls: [callOf(scripted, id)] });

/** Gives this answer to the first request; the scripted answers follow. */
const once =
  (reply: Reply) =>
  ({ before }: MockTurn) =>
    before === 0 ? reply : undefined;
/** Gives this answer first; refuses the next request where it lacks what the real server requires in it. */
const requiring =
  (reply: Reply, back: RegExp, next?: Reply) =>
  ({ before, body }: MockTurn) => {
    if (before === 0) return reply;
    if (before > 1) return undefined;
    return back.test(body) ? next : server.status(400, {}, `missing ${back.source}`);
  };
/** Refuses requests that have a field which the server does not know. */
const refusing =
  (words: RegExp, reply?: Reply) =>
  ({ body }: MockTurn) => {
    const word = words.exec(body)?.[1];
    return word === undefined ? reply : server.status(400, {}, `unknown field ${word}`);
  };
/** Lets the scripted answer write the file first, then gives this text as the answer. */
const finishing =
  (text: string) =>
  ({ turn }: MockTurn) =>
    turn === 0 ? undefined : say(text);

const cutCall = (): Reply =>
  say('', { calls: [{ id: 'call_x', name: 'write', input: '{"path":"sum.js","content":"exports.' }] });

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
const LONE = /\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}/i;

export const MALFORMED_ROWS: MalformedRow[] = [
  { row: 'M1', reply: requiring(cutCall(), /"arguments":"\{\}"/, use(WRITE)) },
  {
    row: 'M2',
    reply: requiring(say('', { calls: [callOf(WRITE)], reasoning: 'hm' }), /"reasoning_content":"hm"/),
  },
  {
    row: 'M3',
    reply: requiring(
      chunks([writeDelta({ extra_content: { google: { thought_signature: 'S' } } })], [usage]),
      /"thought_signature":"S"/,
    ),
  },
  { row: 'M4', reply: refusing(/"(tools)":/, say(withFiles)) },
  { row: 'M5, words behind it', reply: finishing(`${output}\n\nHope this helps!`) },
  { row: 'M5, two objects for ever', reply: finishing(`${output}\n${withFiles}`) },
  { row: 'M6', reply: finishing(`<think>Is it done?</think>\n${output}`) },
  { row: 'M7, once', reply: once(say('', { reasoning: output })) },
  { row: 'M7, for ever', reply: () => say('', { reasoning: output }) },
  { row: 'M8', reply: finishing(`Sure!\n\n\`\`\`\`JSON\n${output}\n\`\`\`\`\nLet me know.`) },
  { row: 'M9, once', reply: once(say('', { finish: 'length', calls: [callOf(WRITE)] })) },
  { row: 'M9, for ever', reply: () => say('', { finish: 'length', calls: [callOf(WRITE)] }) },
  {
    row: 'M11',
    reply: ({ before, body }) => {
      if (before === 0) return use({ name: 'read', input: { path: EMOJI_FILE } });
      if (LONE.test(body)) return server.status(400, {}, 'lone surrogate');
      return before === 1 ? use(WRITE) : undefined;
    },
  },
  {
    row: 'M12',
    reply: ({ before }) => {
      if (before === 0) return use({ name: 'write', input: { path: 'sum.js', content: `${CODE}// \ud83d\n` } });
      return before === 1 ? use(WRITE) : undefined;
    },
  },
  { row: 'M13, once', reply: once(say('<tool_call>{"name":"write"}</tool_call>')) },
  { row: 'M13, for ever', reply: () => say('<tool_call>{"name":"write"}</tool_call>') },
  {
    row: 'M14',
    reply: ({ before }) => {
      if (before === 0) return use(WRITE, 'call_0');
      return before === 1 ? use({ name: 'write', input: { path: '../x', content: 'x' } }, 'call_0') : undefined;
    },
  },
  { row: 'M15', reply: once(server.status(429, { 'retry-after': '309600' })) },
  { row: 'M16', reply: () => use({ name: 'list', input: {} }) },
  { row: 'M17', reply: refusing(/"(maxLength)":/) },
  { row: 'M18', reply: () => server.status(400, {}, 'this model was retired') },
  {
    row: 'M19, told twice',
    reply: once(chunks([writeDelta()], [usage, usage])),
  },
  { row: 'M19, not told', reply: once(chunks([writeDelta()], [])) },
];
