/**
 * The rows of misbehaving models (M1 to M19) against the adapter of one provider, on a mock that speaks the provider's protocol.
 *
 * A check throws where the row does not hold. Rows that are about no protocol are shown by whole builds instead.
 */
import assert from 'node:assert/strict';
import { Failure } from '../../src/domain/failures';
import type { RoleModel } from '../../src/ports/model';
import type { FakeProvider } from '../../test/adapters/models/all-providers';
import * as server from '../../test/adapters/models/faulty-server';
import type { Reply } from '../../test/adapters/models/faulty-server';
import { aRequest } from '../../test/adapters/models/request';
import { behind, good, isRead, isUnusable, ProviderStage, tools, whole, writeCall } from './provider-stage';

export const ROWS = Array.from({ length: 19 }, (_, index) => `M${index + 1}` as RowId);
export type RowId = `M${number}`;
/** A string: why the row does not apply. */
type Checked = undefined | string;
type Check = (stage: ProviderStage) => Promise<Checked>;

const LEAST_OUTPUT_TOKENS = 16_384;
const NO_PROTOCOL = 'about no protocol';
async function failureOf(model: RoleModel): Promise<Failure> {
  const error: unknown = await model.call(aRequest({ tools })).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Failure, `no Failure: ${String(error)}`);
  return error;
}

/** Requests that hold the words are refused with 400. */
const refusing =
  (words: RegExp, otherwise: Reply): Reply =>
  (response, request) => {
    const word = words.exec(request.body)?.[1];
    const answer = word === undefined ? otherwise : server.status(400, {}, `unknown field ${word}`);
    answer(response, request);
  };

const CHECKS: Partial<Record<RowId, Check>> = {
  M1: async (stage) => {
    if (/^(google|vertex):/.test(stage.provider.spec)) return 'arguments are objects on the wire';
    const reply = stage.provider.reply('', { calls: [writeCall('{"path":"a","content":"cut off h')] });
    const { model, faulty } = await stage.against([reply, stage.provider.reply(good)]);
    const first = await model.call(aRequest({ tools }));
    assert.ok(first.kind === 'tools' && first.toolCalls[0]?.broken !== undefined, 'the call comes back as broken');
    await model.call(aRequest(behind(first)));
    assert.ok(!faulty.requests[1]?.body.includes('cut off h'), 'the cut arguments go back');
    return undefined;
  },
  M2: async (stage) => {
    const { returnedReasoning } = stage.provider;
    if (returnedReasoning === undefined) return 'the protocol gives no reasoning';
    const reply = stage.provider.reply('', { calls: [whole], reasoning: 'hm' });
    const { model, faulty } = await stage.against([reply, stage.provider.reply(good)]);
    const first = await model.call(aRequest({ tools }));
    await model.call(aRequest(behind(first)));
    assert.match(faulty.requests[1]?.body ?? '', returnedReasoning);
    const other = await stage.against([stage.provider.reply(good)], {}, `${stage.provider.spec}-other`);
    await other.model.call(aRequest(behind(first)));
    assert.doesNotMatch(other.faulty.requests[0]?.body ?? '', returnedReasoning, 'another model gets the reasoning');
    return undefined;
  },
  M3: async (stage) => {
    const { spec, returnedReasoning } = stage.provider;
    if (spec.startsWith('compatible:')) return signedCalls(stage);
    const isSigned = /signature|encrypted/i.test(returnedReasoning?.source ?? '');
    if (!isSigned) return 'the protocol signs nothing';
    return CHECKS.M2?.(stage);
  },
  M4: async (stage) => {
    const beside = await stage.against([stage.provider.reply(good)]);
    await beside.model.call(aRequest({ tools }));
    assert.doesNotMatch(beside.faulty.requests[0]?.body ?? '', /response_format|responseSchema|json_schema"/);
    const one = refusing(/"(tools|toolConfig)":/, stage.provider.reply(good));
    const { model, faulty } = await stage.against([one, one, one, one]);
    const reply = await model.call(aRequest({ tools }));
    assert.equal(reply.kind, 'output');
    const before = faulty.requests.length;
    await model.call(aRequest({ tools }));
    assert.equal(faulty.requests.length, before + 1, 'what is refused is remembered');
    return undefined;
  },
  M5: async (stage) => {
    await isRead(stage, `${good}\n\nHope this helps!`);
    await isRead(stage, good.replace('}', ',}'));
    await isUnusable(stage, `${good}\n{"greeting":"good evening","count":1}`, 'not_json');
    return undefined;
  },
  M6: async (stage) => {
    await isRead(stage, `<think>Perhaps {"greeting":"?"}.</think>\n${good}`);
    await isRead(stage, `<thinking>Hm.</thinking>${good}`);
    return undefined;
  },
  M7: async (stage) => {
    await isUnusable(stage, '', 'empty', { reasoning: stage.provider.returnedReasoning === undefined ? '' : good });
    return undefined;
  },
  M8: async (stage) => {
    await isRead(stage, `Sure!\n\n\`\`\`\`JSON\n${good}\n\`\`\`\`\nLet me know.`);
    await isRead(stage, `\`\`\`json ${good} \`\`\``);
    return undefined;
  },
  M9: async (stage) => {
    await isUnusable(stage, 'I write.', 'cut', { finish: 'length', calls: [whole] });
    return undefined;
  },
  M10: async (stage) => {
    const spec = `${stage.provider.spec.split(':')[0]}:gateway-alias`;
    const { model, faulty } = await stage.against([stage.provider.reply(good)], {}, spec);
    await model.call(aRequest({ tools }));
    const sent = limitIn(faulty.requests[0]?.body ?? '');
    assert.ok(sent === undefined || sent >= LEAST_OUTPUT_TOKENS, `at most ${sent} tokens are asked for`);
    const tunings = { [spec]: { maxOutputTokens: 12_345 } };
    const tuned = await stage.against([stage.provider.reply(good)], { tunings }, spec);
    await tuned.model.call(aRequest({ tools }));
    assert.equal(limitIn(tuned.faulty.requests[0]?.body ?? ''), 12_345, 'the setting is sent');
    return undefined;
  },
  M13: async (stage) => {
    await isUnusable(stage, '<tool_call>{"name":"write"}</tool_call>', 'calls_in_text');
    return undefined;
  },
  M14: async (stage) => {
    const reply = () => stage.provider.reply('', { calls: [writeCall(whole.input, 'call00000')] });
    const { model } = await stage.against([reply(), reply()]);
    const first = await model.call(aRequest({ tools }));
    const second = await model.call(aRequest(behind(first)));
    assert.ok(first.kind === 'tools' && second.kind === 'tools');
    assert.notEqual(first.toolCalls[0]?.id, second.toolCalls[0]?.id);
    return undefined;
  },
  M15: async (stage) => {
    const { model } = await stage.against([server.status(429, { 'retry-after': '309600' })]);
    const failure = await failureOf(model);
    assert.equal(failure.type, 'Model.RateLimited');
    assert.equal(failure.retryAfterMs, 309_600_000);
    return undefined;
  },
  M17: async (stage) => {
    const one = refusing(/"(maxLength|minLength)":/, stage.provider.reply(good));
    const { model, faulty } = await stage.against([one, one, one, one]);
    const reply = await model.call(aRequest({ tools }));
    assert.equal(reply.kind, 'output');
    if (faulty.requests.length === 1) return 'no limit is sent as a keyword';
    assert.match(faulty.requests[1]?.body ?? '', /"(tools|toolConfig)":/, 'tools are given up for a limit');
    return undefined;
  },
  M18: async (stage) => {
    const reply = server.status(400, {}, 'field x is wrong, says key-of-test');
    const { model } = await stage.against([reply, reply, reply, reply]);
    const failure = await failureOf(model);
    assert.equal(failure.type, 'Model.BadRequest');
    assert.match(failure.detail ?? '', /field x is wrong/);
    assert.ok(!`${failure.message} ${failure.detail}`.includes('key-of-test'), 'the key is told');
    return undefined;
  },
  M19: async (stage) => {
    const plain = await stage.say(good);
    assert.deepEqual([plain.usage.inputTokens, plain.usage.outputTokens], [11, 7], 'tokens are counted once');
    assert.equal(plain.usage.cachedInputTokens ?? null, null, 'a share that is not told is zero');
    const cached = await stage.say(good, { cached: 4 });
    assert.deepEqual([cached.usage.inputTokens, cached.usage.cachedInputTokens], [11, 4]);
    return undefined;
  },
};

/** A signature beside a call, as Google's models give it through servers of chat completions. */
async function signedCalls(stage: ProviderStage): Promise<Checked> {
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const call = { index: 0, id: 'c1', type: 'function', function: { name: 'write', arguments: whole.input } };
  const signed = { ...call, extra_content: { google: { thought_signature: 'S' } } };
  const reply = server.events([chunk({ role: 'assistant', tool_calls: [signed] }, null), chunk({}, 'tool_calls')]);
  const { model, faulty } = await stage.against([reply, stage.provider.reply(good)]);
  const first = await model.call(aRequest({ tools }));
  await model.call(aRequest(behind(first)));
  assert.match(faulty.requests[1]?.body ?? '', /"thought_signature":"S"/);
  return undefined;
}

function limitIn(body: string): number | undefined {
  const found = /"(?:max_tokens|max_completion_tokens|max_output_tokens|maxOutputTokens|maxTokens)":(\d+)/.exec(
    body,
  )?.[1];
  return found === undefined ? undefined : Number(found);
}

export interface RowResult {
  result: 'passes' | 'does not apply' | 'fails';
  note: string;
}

export async function checkRow(provider: FakeProvider, row: RowId): Promise<RowResult> {
  const check = CHECKS[row];
  if (check === undefined) return { result: 'does not apply', note: NO_PROTOCOL };
  const stage = new ProviderStage(provider);
  try {
    const why = await check(stage);
    return why === undefined ? { result: 'passes', note: '' } : { result: 'does not apply', note: why };
  } catch (error) {
    return { result: 'fails', note: error instanceof Error ? error.message : String(error) };
  } finally {
    await stage.close();
  }
}
