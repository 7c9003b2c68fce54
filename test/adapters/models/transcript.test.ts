/**
 * Tests which parts of earlier answers are sent back to a provider. The fake servers refuse what the real ones refuse.
 */
import { z } from 'zod';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import type { ModelMessage, ModelReply } from '../../../src/ports/model';
import * as server from './faulty-server';
import { chatEvents, PROTOCOLS, answerOf, settingsWith } from './protocols';
import type { Answer, Protocol } from './protocols';
import { aRequest, GREETING } from './request';

const goodAnswer = JSON.stringify(GREETING);
const tools = { write: { description: 'Writes a file.', input: z.object({ path: z.string(), content: z.string() }) } };
const [anthropic, openai, compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
const writeCalls = (id: string) => [{ id, name: 'write', input: '{"path":"a","content":"b"}' }];

let openServers: server.FaultyServer[] = [];
afterEach(async () => {
  await Promise.all(openServers.map((one) => one.close()));
  openServers = [];
});

/** Starts a server that answers the first request with `first`. It answers a later one with a greeting if `isAccepted` accepts its body, else with 400. */
async function startTwoSteps(protocol: Protocol, first: string[], isAccepted: (body: Body) => unknown) {
  const faulty = await server.faultyServer(server.events(first), (response, request) => {
    const body = JSON.parse(request.body) as Body;
    if (isAccepted(body)) server.events(protocol.answer(goodAnswer))(response, request);
    else server.status(400, {}, `refused: ${JSON.stringify(body.messages ?? body.input)}`)(response, request);
  });
  openServers.push(faulty);
  return { faulty, model: createModel(readChain(protocol.spec), settingsWith(protocol.access(faulty.origin))) };
}
interface Body {
  messages?: Array<{ role: string; content?: unknown; reasoning_content?: string; tool_calls?: unknown[] }>;
  input?: Array<Record<string, unknown>>;
}

/** Returns the messages of the next step, as the activities make them. */
function nextMessages(reply: ModelReply, output = 'written'): ModelMessage[] {
  if (reply.kind !== 'tools') throw new Error(`expected tools, got ${JSON.stringify(reply)}`);
  const { text, toolCalls, native } = JSON.parse(JSON.stringify(reply)) as typeof reply;
  return [
    { from: 'user', text: 'Greet twice.' },
    { from: 'model', text, toolCalls, native },
    { from: 'tools', results: toolCalls.map(({ id, name, broken }) => ({ id, name, output: broken ?? output })) },
  ];
}

const contentParts = (body: Body) =>
  (body.messages ?? []).flatMap(({ content }) =>
    Array.isArray(content) ? (content as Array<Record<string, unknown>>) : [],
  );

describe.each<[Protocol, (body: Body) => unknown]>([
  [
    anthropic,
    (body) => contentParts(body).every(({ type, input }) => type !== 'tool_use' || typeof input === 'object'),
  ],
  [
    openai,
    ({ input = [] }) =>
      input.every(({ arguments: callArguments }) => callArguments === undefined || isJsonObject(callArguments)),
  ],
  [
    compatible,
    ({ messages = [] }) =>
      messages
        .flatMap(({ tool_calls = [] }) => tool_calls as Array<{ function: { arguments: string } }>)
        .every((call) => isJsonObject(call.function.arguments)),
  ],
])('M1: a call with broken arguments', (protocol, hasObjects) => {
  test(`is sent back to ${protocol.name} with an object as its arguments, and the conversation continues`, async () => {
    const calls = [{ id: 'w1', name: 'write', input: '{"path":"a","content":"b' }];
    const { model, faulty } = await startTwoSteps(protocol, protocol.answer('', { calls }), hasObjects);
    const reply = await model.call(aRequest({ tools }));
    expect(await model.call(aRequest({ tools, step: 2, messages: nextMessages(reply) }))).toMatchObject({
      kind: 'output',
    });
    expect(faulty.requests).toHaveLength(2);
  });
});

function isJsonObject(text: unknown): boolean {
  return typeof text === 'string' && JSON.parse(text) !== null && typeof JSON.parse(text) === 'object';
}

const REASONING_CASES: Array<[what: string, Protocol, (body: Body) => unknown]> = [
  [
    'M3: signed thinking of anthropic',
    anthropic,
    (body) =>
      contentParts(body).some(
        ({ type, signature, thinking }) => type === 'thinking' && signature === 'signed' && thinking === 'hm',
      ),
  ],
  [
    'M2: sealed reasoning of openai',
    openai,
    ({ input = [] }) =>
      input.some(({ type, encrypted_content }) => type === 'reasoning' && encrypted_content === 'sealed'),
  ],
  [
    'M2: reasoning_content of compatible',
    compatible,
    ({ messages = [] }) => messages.some((one) => one.reasoning_content === 'hm'),
  ],
];

test.each(REASONING_CASES)('%s is sent back to the same model', async (_what, protocol, isAccepted) => {
  const turn: Answer = { reasoning: 'hm', calls: writeCalls('w1') };
  const { model, faulty } = await startTwoSteps(protocol, protocol.answer('I write.', turn), isAccepted);
  const reply = await model.call(aRequest({ tools }));
  expect(reply.native?.model).toBe(protocol.spec);
  expect(await model.call(aRequest({ tools, step: 2, messages: nextMessages(reply) }))).toMatchObject({
    kind: 'output',
  });
  expect(faulty.requests).toHaveLength(2);
});

test.each(PROTOCOLS)('M2: the reasoning of another model is never sent to $name', async (protocol) => {
  const native = { model: 'other:model', content: [{ type: 'reasoning', text: 'SECRET THOUGHT' }] };
  const { model, faulty } = await startTwoSteps(protocol, protocol.answer(goodAnswer), () => true);
  const toolCalls = [{ id: 'toolu:0/1', name: 'functions.write', input: { path: 'a', content: 'b' } }];
  const messages: ModelMessage[] = [
    { from: 'user', text: 'Greet twice.' },
    { from: 'model', text: 'I write.', toolCalls, native },
    { from: 'tools', results: [{ id: 'toolu:0/1', name: 'functions.write', output: 'written' }] },
  ];
  await model.call(aRequest({ tools, messages }));
  const body = faulty.requests[0]?.body ?? '';
  expect(body).not.toContain('SECRET THOUGHT');
  expect(body).toContain('I write.');
  // Ids and names have a format that each provider accepts, and are the same in the call and its result.
  expect(body).not.toMatch(/toolu:0|functions\.write/);
  const ids = [...body.matchAll(/"(?:call_id|tool_call_id|tool_use_id)":"(\w+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(1);
  expect(body).toMatch(new RegExp(`"(?:id|call_id)":"${ids[0]}"`));
});

test('M3: the signature of a Gemini call is sent back in the place from which it came', async () => {
  const [call, ...rest] = chatEvents('', answerOf({ calls: writeCalls('g1') }));
  const signed = call?.replace('"function":', '"extra_content":{"google":{"thought_signature":"S"}},"function":') ?? '';
  const { model, faulty } = await startTwoSteps(compatible, [signed, ...rest], ({ messages = [] }) =>
    messages.some(({ tool_calls }) =>
      JSON.stringify(tool_calls)?.includes('"extra_content":{"google":{"thought_signature":"S"}}'),
    ),
  );
  const reply = await model.call(aRequest({ tools }));
  expect(await model.call(aRequest({ tools, step: 2, messages: nextMessages(reply) }))).toMatchObject({
    kind: 'output',
  });
  expect(faulty.requests).toHaveLength(2);
});

test.each(PROTOCOLS)(
  'M14: a repeated id gets a new value with $name, also in the answer that is sent back',
  async (protocol) => {
    const turn = { reasoning: 'hm', calls: [...writeCalls('call_0'), ...writeCalls('call_0')] };
    const { model, faulty } = await startTwoSteps(protocol, protocol.answer('', turn), () => true);
    const messages: ModelMessage[] = [
      { from: 'user', text: 'Greet twice.' },
      { from: 'model', text: '', toolCalls: [{ id: 'call_0', name: 'write', input: { path: 'a', content: 'b' } }] },
      { from: 'tools', results: [{ id: 'call_0', name: 'write', output: 'written' }] },
    ];
    const reply = await model.call(aRequest({ tools, messages }));
    const [first, second] = reply.kind === 'tools' ? reply.toolCalls : [];
    for (const call of [first, second]) expect(call?.id).toMatch(/^[a-z0-9]{9,16}$/i);
    expect(first?.id).not.toBe(second?.id);
    await model.call(aRequest({ tools, step: 2, messages: [...messages, ...nextMessages(reply).slice(1)] }));
    const body = faulty.requests[1]?.body ?? '';
    for (const call of [first, second]) expect(body.split(`"${call?.id}"`)).toHaveLength(3);
  },
);

test.each(PROTOCOLS)('M11: a lone surrogate is never sent to $name', async (protocol) => {
  const { model, faulty } = await startTwoSteps(protocol, protocol.answer(goodAnswer), () => true);
  const cutText = `${'a'.repeat(15_999)}${'😀'.repeat(20)}`.slice(0, 16_000);
  const toolCalls = [{ id: 'w1', name: 'write', input: { path: cutText, [cutText]: [cutText] } }];
  await model.call(
    aRequest({
      tools,
      system: `You greet people. ${cutText}`,
      messages: [
        { from: 'user', text: `${cutText}\n[cut]` },
        { from: 'model', text: cutText, toolCalls },
        { from: 'tools', results: [{ id: 'w1', name: 'write', output: `${cutText} and 😀` }] },
      ],
    }),
  );
  const body = faulty.requests[0]?.body ?? '';
  expect(body).not.toMatch(/\\ud[89a-f]|\ufffd/i);
  expect(body).toContain('and 😀');
});

test.each(PROTOCOLS)(
  'an answer without text and calls is sent back to $name with a text that says so',
  async (protocol) => {
    const { model, faulty } = await startTwoSteps(protocol, protocol.answer(goodAnswer), () => true);
    const messages: ModelMessage[] = [
      { from: 'user', text: 'Greet twice.' },
      { from: 'model', text: '', toolCalls: [] },
      { from: 'user', text: 'Your last answer was empty.' },
    ];
    await model.call(aRequest({ tools, messages }));
    expect(faulty.requests[0]?.body).toContain('(no answer)');
  },
);

test.each([anthropic, openai, compatible])(
  'a picture of the request is sent to $name with its bytes',
  async (protocol) => {
    const { model, faulty } = await startTwoSteps(protocol, protocol.answer(goodAnswer), () => true);
    const files = [{ name: 'shot.png', mediaType: 'image/png', digest: 'sha256:1' }];
    const loadFile = async (digest: string) => Buffer.from(`bytes of ${digest}`);
    await model.call(aRequest({ messages: [{ from: 'user', text: 'As here.', files }], loadFile }));
    expect(faulty.requests[0]?.body).toContain(Buffer.from('bytes of sha256:1').toString('base64'));
  },
);

test('a file of a type that the SDK cannot send is not sent; the prompt names it instead', async () => {
  const { model, faulty } = await startTwoSteps(compatible, compatible.answer(goodAnswer), () => true);
  const files = [{ name: 'film.mp4', mediaType: 'video/mp4', digest: 'sha256:1' }];
  const loadFile = async () => Buffer.from('film');
  const reply = await model.call(aRequest({ messages: [{ from: 'user', text: 'As here.', files }], loadFile }));
  expect(reply.kind).toBe('output');
  expect(faulty.requests).toHaveLength(1);
  expect(faulty.requests[0]?.body).toContain('(video/mp4) is not shown: this model takes no such files');
});
