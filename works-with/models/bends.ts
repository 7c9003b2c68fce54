/**
 * How the Code Writer's model of a whole build misbehaves, a row each; the other roles behave.
 */
import * as server from '../../test/adapters/models/faulty-server';
import type { Reply } from '../../test/adapters/models/faulty-server';
import { answerOf, chatEvents, event } from '../../test/adapters/models/protocols';
import type { Answer } from '../../test/adapters/models/protocols';
import type { Asked, Played } from '../engineer/mock-server';
import { CODE, EMOJI_FILE, TINY_OUTPUTS, WRITE } from './tiny';

export interface BentRow {
  /** Of the list of misbehaving models, with what is different where one row has several. */
  row: string;
  /** Undefined: the mock behaves. */
  reply(asked: Asked): Reply | undefined;
}

const output = JSON.stringify(TINY_OUTPUTS.implementation);
const withFiles = JSON.stringify({
  ...TINY_OUTPUTS.implementation,
  files: [{ path: 'sum.js', content: CODE, base64: null, executable: null }],
});
const say = (text: string, more?: Answer): Reply => server.events(chatEvents(text, answerOf(more)));
const callOf = ({ name, input }: Played, id = 'call_x') => ({ id, name, input: JSON.stringify(input) });
const use = (played: Played, id?: string): Reply => say('', { calls: [callOf(played, id)] });

/** The given answer first, then the played ones. */
const once =
  (reply: Reply) =>
  ({ before }: Asked) =>
    before === 0 ? reply : undefined;
/** The given answer first; the next request is refused where it lacks what the real server wants back. */
const wanting =
  (reply: Reply, back: RegExp, next?: Reply) =>
  ({ before, body }: Asked) => {
    if (before === 0) return reply;
    if (before > 1) return undefined;
    return back.test(body) ? next : server.status(400, {}, `missing ${back.source}`);
  };
const refusing =
  (words: RegExp, reply?: Reply) =>
  ({ body }: Asked) => {
    const word = words.exec(body)?.[1];
    return word === undefined ? reply : server.status(400, {}, `unknown field ${word}`);
  };
/** The written file first, then this text as the answer. */
const finishing =
  (text: string) =>
  ({ turn }: Asked) =>
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

export const BENT_ROWS: BentRow[] = [
  { row: 'M1', reply: wanting(cutCall(), /"arguments":"\{\}"/, use(WRITE)) },
  {
    row: 'M2',
    reply: wanting(say('', { calls: [callOf(WRITE)], reasoning: 'hm' }), /"reasoning_content":"hm"/),
  },
  {
    row: 'M3',
    reply: wanting(
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
