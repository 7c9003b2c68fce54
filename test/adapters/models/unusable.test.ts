/**
 * Tests answers that cannot be used: each is one paid call, with a reason for the model and one for people.
 */
import { z } from 'zod';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import type { ModelReply, UnusableAnswer } from '../../../src/ports/model';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith } from './protocols';
import type { Call, Protocol } from './protocols';
import { aRequest, GREETING } from './request';

const goodAnswer = JSON.stringify(GREETING);
const tools = { write: { description: 'Writes a file.', input: z.object({ path: z.string(), content: z.string() }) } };

/** Returns the reply to the answer, and checks that one request was sent and one call counted. */
async function replyTo(protocol: Protocol, parts: string[], request = aRequest({ tools })): Promise<ModelReply> {
  const faulty = await server.faultyServer(server.events(parts));
  try {
    const model = createModel(readChain(protocol.spec), settingsWith(protocol.access(faulty.origin)));
    const reply = await model.call(request);
    expect(faulty.requests).toHaveLength(1);
    expect(reply.calls).toBe(1);
    return reply;
  } finally {
    await faulty.close();
  }
}

const finish = (...inputs: unknown[]): Call[] =>
  inputs.map((input, index) => ({ id: `call_${index}`, name: 'finish', input: JSON.stringify(input) }));

describe.each(PROTOCOLS)('$name', (protocol) => {
  test.each<[string, UnusableAnswer['reason'], string]>([
    ['M7: an empty answer', 'empty', ''],
    ['M7: reasoning without an answer', 'empty', '<think>What do they want?</think>\n'],
    ['prose', 'not_json', 'I greeted them.'],
    ['JSON that breaks off', 'not_json', goodAnswer.slice(0, 20)],
    ['M5: two different objects', 'not_json', `${goodAnswer}\n{"greeting":"good evening","count":1}`],
    ['JSON that does not fit', 'misfit', '{"greeting":"","count":1}'],
    ['M13: tool calls in the format of a chat template', 'calls_in_text', '<tool_call>{"name":"write"}</tool_call>'],
    ['M13: a call as bare JSON', 'calls_in_text', '{"name":"write","arguments":{"path":"a","content":""}}'],
  ])('%s is unusable (%s), and paid once', async (_what, reason, text) => {
    const reply = await replyTo(protocol, protocol.answer(text));
    expect(reply).toMatchObject({ kind: 'unusable', reason, usage: { inputTokens: 11, outputTokens: 7 } });
    const { says, summary } = reply as UnusableAnswer;
    expect(says).not.toBe('');
    expect(summary).not.toContain('greet them');
  });

  test('an output that does not fit is explained to the model in a data block, and to people by field and error code', async () => {
    const reply = await replyTo(protocol, protocol.answer('{"greeting":"sk-live-SECRET</data>","count":"many"}'));
    expect(reply).toMatchObject({
      says: expect.stringMatching(/<data name="schema_issues">[^]*count[^]*<\/data>/),
      summary: 'the answer does not fit its schema: count (invalid_type)',
      text: expect.stringContaining('SECRET'),
    });
  });

  test('M9: no part of an answer that reached the token limit is used, not even a complete call', async () => {
    const call = { id: 'call_1', name: 'write', input: '{"path":"a","content":"b"}' };
    const reply = await replyTo(protocol, protocol.answer('I write.', { finish: 'length', calls: [call] }));
    expect(reply).toMatchObject({
      kind: 'unusable',
      reason: 'cut',
      text: '',
      says: expect.stringMatching(/`edit`.*`append`/),
    });
    expect(reply).not.toHaveProperty('toolCalls');
  });

  test('M9: the message to a model without tools names no tool when its answer reached the limit', async () => {
    const faulty = await server.faultyServer(server.events(protocol.answer('{"gre', { finish: 'length' })));
    const tunings = { [`${protocol.spec.split(':')[0]}:*`]: { form: 'text' as const } };
    const settings = { ...settingsWith(protocol.access(faulty.origin)), tunings };
    const reply = await createModel(readChain(protocol.spec), settings).call(aRequest({ tools }));
    await faulty.close();
    expect(reply).toMatchObject({ reason: 'cut', says: expect.stringContaining('a shorter answer') });
    expect(JSON.stringify(reply)).not.toMatch(/`edit`|tool/);
  });

  test('a call of finish with the output is the output', async () => {
    const reply = await replyTo(protocol, protocol.answer('Done.', { calls: finish(GREETING) }));
    expect(reply).toMatchObject({ kind: 'output', output: GREETING });
  });

  test('a call of finish that does not fit is unusable, and its input is shown', async () => {
    const reply = await replyTo(protocol, protocol.answer('', { calls: finish({ greeting: 'hello' }) }));
    expect(reply).toMatchObject({
      reason: 'misfit',
      text: '{"greeting":"hello"}',
      says: expect.stringContaining('`finish`'),
    });
  });

  test('two different calls of finish are unusable, two equal calls count as one', async () => {
    const twice = await replyTo(protocol, protocol.answer('', { calls: finish(GREETING, { ...GREETING, count: 3 }) }));
    expect(twice).toMatchObject({ kind: 'unusable', reason: 'misfit' });
    const same = await replyTo(protocol, protocol.answer('', { calls: finish(GREETING, GREETING) }));
    expect(same).toMatchObject({ kind: 'output', output: GREETING });
  });

  test('finish together with another call is an ordinary tool call', async () => {
    const calls = [{ id: 'w', name: 'write', input: '{"path":"a","content":"b"}' }, ...finish(GREETING)];
    const reply = await replyTo(protocol, protocol.answer('', { calls }));
    expect(reply).toMatchObject({ kind: 'tools', toolCalls: [{ name: 'write' }, { name: 'finish', input: GREETING }] });
  });

  test('M1: a call with incomplete arguments is returned as broken, with an empty input', async () => {
    const calls = [{ id: 'w', name: 'write', input: '{"path":"a","content":"b' }];
    const reply = await replyTo(protocol, protocol.answer('', { calls }));
    expect(reply).toMatchObject({
      kind: 'tools',
      toolCalls: [{ id: 'w', name: 'write', input: {}, broken: expect.stringContaining('not JSON') }],
    });
  });

  test('M8: a raw line end in the arguments of a call is read', async () => {
    const calls = [{ id: 'w', name: 'write', input: '{"path":"a","content":"one\ntwo",}' }];
    const reply = await replyTo(protocol, protocol.answer('', { calls }));
    expect(reply).toMatchObject({ kind: 'tools', toolCalls: [{ input: { path: 'a', content: 'one\ntwo' } }] });
    expect(reply.kind === 'tools' && reply.toolCalls[0]).not.toHaveProperty('broken');
  });

  test.each([
    ['M6: reasoning before it', `<think>Perhaps {"greeting":"?"}.</think>\n${goodAnswer}`],
    ['M5: prose after it', `${goodAnswer}\n\nHope this helps!`],
    ['M8: a fence and prose around it', `Sure!\n\n\`\`\`\`JSON\n${goodAnswer}\n\`\`\`\`\nLet me know.`],
  ])('%s: an answer as text is accepted as the output', async (_what, text) => {
    expect(await replyTo(protocol, protocol.answer(text))).toMatchObject({ kind: 'output', output: GREETING });
  });

  test('M4: tools are sent with finish, which carries the schema, and without structured output', async () => {
    const faulty = await server.faultyServer(server.events(protocol.answer(goodAnswer)));
    const model = createModel(readChain(protocol.spec), settingsWith(protocol.access(faulty.origin)));
    await model.call(aRequest({ tools }));
    await faulty.close();
    const body = faulty.requests[0]?.body ?? '';
    expect(body).toMatch(/"name":"write"[^]*"name":"finish"/);
    expect(body).toContain('"greeting"');
    expect(body).not.toMatch(/response_format|output_format|output_config|json_schema"/);
  });
});
