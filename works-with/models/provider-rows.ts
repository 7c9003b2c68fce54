/**
 * The rows of misbehaving models (M1 to M19) against the adapter of one provider, on a mock that speaks the provider's protocol.
 *
 * A check throws if the product does not handle the row. Rows that concern no protocol are checked by whole builds instead.
 */
import assert from 'node:assert/strict';
import { Failure } from '../../src/domain/failures';
import type { RoleModel } from '../../src/ports/model';
import type { FakeProvider } from '../../test/adapters/models/all-providers';
import * as server from '../../test/adapters/models/faulty-server';
import type { Reply } from '../../test/adapters/models/faulty-server';
import { aRequest } from '../../test/adapters/models/request';
import {
  followingRequest,
  GOOD_ANSWER,
  assertRead,
  assertUnusable,
  ProviderStage,
  TOOLS,
  WHOLE_CALL,
  writeCall,
} from './provider-stage';

export const ROWS = Array.from({ length: 19 }, (_, index) => `M${index + 1}` as RowId);
export type RowId = `M${number}`;
/** The reason why the row does not apply to the provider; undefined if it applies and its check passed. */
type NotApplicable = undefined | string;
type Check = (stage: ProviderStage) => Promise<NotApplicable>;

const MIN_OUTPUT_TOKENS = 16_384;
const NO_PROTOCOL = 'about no protocol';
async function failureOf(model: RoleModel): Promise<Failure> {
  const error: unknown = await model.call(aRequest({ tools: TOOLS })).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Failure, `no Failure: ${String(error)}`);
  return error;
}

/** Refuses requests with these words by status 400. */
const refuseField =
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
    const { model, faulty } = await stage.startModel([reply, stage.provider.reply(GOOD_ANSWER)]);
    const first = await model.call(aRequest({ tools: TOOLS }));
    assert.ok(first.kind === 'tools' && first.toolCalls[0]?.broken !== undefined, 'the call comes back as broken');
    await model.call(aRequest(followingRequest(first)));
    assert.ok(!faulty.requests[1]?.body.includes('cut off h'), 'the cut arguments go back');
    return undefined;
  },
  M2: async (stage) => {
    const { returnedReasoning } = stage.provider;
    if (returnedReasoning === undefined) return 'the protocol gives no reasoning';
    const reply = stage.provider.reply('', { calls: [WHOLE_CALL], reasoning: 'hm' });
    const { model, faulty } = await stage.startModel([reply, stage.provider.reply(GOOD_ANSWER)]);
    const first = await model.call(aRequest({ tools: TOOLS }));
    await model.call(aRequest(followingRequest(first)));
    assert.match(faulty.requests[1]?.body ?? '', returnedReasoning);
    const other = await stage.startModel([stage.provider.reply(GOOD_ANSWER)], {}, `${stage.provider.spec}-other`);
    await other.model.call(aRequest(followingRequest(first)));
    assert.doesNotMatch(other.faulty.requests[0]?.body ?? '', returnedReasoning, 'another model gets the reasoning');
    return undefined;
  },
  M3: async (stage) => {
    const { spec, returnedReasoning } = stage.provider;
    if (spec.startsWith('compatible:')) return checkSignedCalls(stage);
    const isSigned = /signature|encrypted/i.test(returnedReasoning?.source ?? '');
    if (!isSigned) return 'the protocol signs nothing';
    return CHECKS.M2?.(stage);
  },
  M4: async (stage) => {
    const toolsOnly = await stage.startModel([stage.provider.reply(GOOD_ANSWER)]);
    await toolsOnly.model.call(aRequest({ tools: TOOLS }));
    assert.doesNotMatch(toolsOnly.faulty.requests[0]?.body ?? '', /response_format|responseSchema|json_schema"/);
    const refusal = refuseField(/"(tools|toolConfig)":/, stage.provider.reply(GOOD_ANSWER));
    const { model, faulty } = await stage.startModel([refusal, refusal, refusal, refusal]);
    const reply = await model.call(aRequest({ tools: TOOLS }));
    assert.equal(reply.kind, 'output');
    const requestCount = faulty.requests.length;
    await model.call(aRequest({ tools: TOOLS }));
    assert.equal(faulty.requests.length, requestCount + 1, 'what is refused is remembered');
    return undefined;
  },
  M5: async (stage) => {
    await assertRead(stage, `${GOOD_ANSWER}\n\nHope this helps!`);
    await assertRead(stage, GOOD_ANSWER.replace('}', ',}'));
    await assertUnusable(stage, `${GOOD_ANSWER}\n{"greeting":"good evening","count":1}`, 'not_json');
    return undefined;
  },
  M6: async (stage) => {
    await assertRead(stage, `<think>Perhaps {"greeting":"?"}.</think>\n${GOOD_ANSWER}`);
    await assertRead(stage, `<thinking>Hm.</thinking>${GOOD_ANSWER}`);
    return undefined;
  },
  M7: async (stage) => {
    await assertUnusable(stage, '', 'empty', {
      reasoning: stage.provider.returnedReasoning === undefined ? '' : GOOD_ANSWER,
    });
    return undefined;
  },
  M8: async (stage) => {
    await assertRead(stage, `Sure!\n\n\`\`\`\`JSON\n${GOOD_ANSWER}\n\`\`\`\`\nLet me know.`);
    await assertRead(stage, `\`\`\`json ${GOOD_ANSWER} \`\`\``);
    return undefined;
  },
  M9: async (stage) => {
    await assertUnusable(stage, 'I write.', 'cut', { finish: 'length', calls: [WHOLE_CALL] });
    return undefined;
  },
  M10: async (stage) => {
    const spec = `${stage.provider.spec.split(':')[0]}:gateway-alias`;
    const { model, faulty } = await stage.startModel([stage.provider.reply(GOOD_ANSWER)], {}, spec);
    await model.call(aRequest({ tools: TOOLS }));
    const sent = tokenLimitIn(faulty.requests[0]?.body ?? '');
    assert.ok(sent === undefined || sent >= MIN_OUTPUT_TOKENS, `at most ${sent} tokens are asked for`);
    const tunings = { [spec]: { maxOutputTokens: 12_345 } };
    const tuned = await stage.startModel([stage.provider.reply(GOOD_ANSWER)], { tunings }, spec);
    await tuned.model.call(aRequest({ tools: TOOLS }));
    assert.equal(tokenLimitIn(tuned.faulty.requests[0]?.body ?? ''), 12_345, 'the setting is sent');
    return undefined;
  },
  M13: async (stage) => {
    await assertUnusable(stage, '<tool_call>{"name":"write"}</tool_call>', 'calls_in_text');
    return undefined;
  },
  M14: async (stage) => {
    const reply = () => stage.provider.reply('', { calls: [writeCall(WHOLE_CALL.input, 'call00000')] });
    const { model } = await stage.startModel([reply(), reply()]);
    const first = await model.call(aRequest({ tools: TOOLS }));
    const second = await model.call(aRequest(followingRequest(first)));
    assert.ok(first.kind === 'tools' && second.kind === 'tools');
    assert.notEqual(first.toolCalls[0]?.id, second.toolCalls[0]?.id);
    return undefined;
  },
  M15: async (stage) => {
    const { model } = await stage.startModel([server.status(429, { 'retry-after': '309600' })]);
    const failure = await failureOf(model);
    assert.equal(failure.type, 'Model.RateLimited');
    assert.equal(failure.retryAfterMs, 309_600_000);
    return undefined;
  },
  M17: async (stage) => {
    const refusal = refuseField(/"(maxLength|minLength)":/, stage.provider.reply(GOOD_ANSWER));
    const { model, faulty } = await stage.startModel([refusal, refusal, refusal, refusal]);
    const reply = await model.call(aRequest({ tools: TOOLS }));
    assert.equal(reply.kind, 'output');
    if (faulty.requests.length === 1) return 'no limit is sent as a keyword';
    assert.match(faulty.requests[1]?.body ?? '', /"(tools|toolConfig)":/, 'tools are given up for a limit');
    return undefined;
  },
  M18: async (stage) => {
    const reply = server.status(400, {}, 'field x is wrong, says key-of-test');
    const { model } = await stage.startModel([reply, reply, reply, reply]);
    const failure = await failureOf(model);
    assert.equal(failure.type, 'Model.BadRequest');
    assert.match(failure.detail ?? '', /field x is wrong/);
    assert.ok(!`${failure.message} ${failure.detail}`.includes('key-of-test'), 'the key is told');
    return undefined;
  },
  M19: async (stage) => {
    const plain = await stage.replyTo(GOOD_ANSWER);
    assert.deepEqual([plain.usage.inputTokens, plain.usage.outputTokens], [11, 7], 'tokens are counted once');
    assert.equal(plain.usage.cachedInputTokens ?? null, null, 'a share that is not told is zero');
    const cached = await stage.replyTo(GOOD_ANSWER, { cached: 4 });
    assert.deepEqual([cached.usage.inputTokens, cached.usage.cachedInputTokens], [11, 4]);
    return undefined;
  },
};

/** Checks that a signature beside a call is sent back. Google's models give one, also through servers of chat completions. */
async function checkSignedCalls(stage: ProviderStage): Promise<NotApplicable> {
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const call = { index: 0, id: 'c1', type: 'function', function: { name: 'write', arguments: WHOLE_CALL.input } };
  const signed = { ...call, extra_content: { google: { thought_signature: 'S' } } };
  const reply = server.events([chunk({ role: 'assistant', tool_calls: [signed] }, null), chunk({}, 'tool_calls')]);
  const { model, faulty } = await stage.startModel([reply, stage.provider.reply(GOOD_ANSWER)]);
  const first = await model.call(aRequest({ tools: TOOLS }));
  await model.call(aRequest(followingRequest(first)));
  assert.match(faulty.requests[1]?.body ?? '', /"thought_signature":"S"/);
  return undefined;
}

function tokenLimitIn(body: string): number | undefined {
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
