/**
 * The stage of the provider rows: a model of one provider, and a mock server that answers in the provider's protocol.
 */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { createModel } from '../../src/adapters/models/create-model';
import { readChain } from '../../src/adapters/models/model-spec';
import type { ModelSettings } from '../../src/adapters/models/settings';
import type { ModelMessage, ModelReply, ModelRequest } from '../../src/ports/model';
import type { FakeProvider } from '../../test/adapters/models/all-providers';
import * as server from '../../test/adapters/models/faulty-server';
import type { FaultyServer, Reply } from '../../test/adapters/models/faulty-server';
import { settingsWith } from '../../test/adapters/models/protocols';
import type { Answer } from '../../test/adapters/models/protocols';
import { aRequest, GREETING } from '../../test/adapters/models/request';

export const GOOD_ANSWER = JSON.stringify(GREETING);
export const TOOLS = {
  write: { description: 'Writes a file.', input: z.object({ path: z.string(), content: z.string() }) },
};

export class ProviderStage {
  private servers: FaultyServer[] = [];
  constructor(readonly provider: FakeProvider) {}

  /** Starts a mock server with these replies, and a model that uses it. */
  async startModel(replies: Reply[], more: Partial<ModelSettings> = {}, spec = this.provider.spec) {
    const faulty = await server.faultyServer(...replies);
    this.servers.push(faulty);
    const settings = { ...settingsWith(this.provider.access(faulty.origin)), ...more };
    return { faulty, model: createModel(readChain(spec), settings) };
  }

  /** Gives the model's reply to one answer of the provider; checks that it took one request. */
  async replyTo(text: string, more?: Answer): Promise<ModelReply> {
    const { model, faulty } = await this.startModel([this.provider.reply(text, more)]);
    const reply = await model.call(aRequest({ tools: TOOLS }));
    assert.equal(reply.calls, 1, 'one call is counted');
    assert.equal(faulty.requests.length, 1, 'one request is sent');
    return reply;
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((one) => one.close()));
  }
}

/** Makes the request that follows a turn with tool calls: it has a result for each call. */
export function followingRequest(reply: ModelReply): Partial<ModelRequest> {
  assert.equal(reply.kind, 'tools');
  // Through JSON, as the reply is stored between two steps.
  const { text, toolCalls, native } = JSON.parse(JSON.stringify(reply)) as ModelReply & { kind: 'tools' };
  const results = toolCalls.map(({ id, name }) => ({ id, name, output: 'written a' }));
  const messages: ModelMessage[] = [
    { from: 'user', text: 'Greet twice.' },
    { from: 'model', text, toolCalls, native },
    { from: 'tools', results },
  ];
  return { tools: TOOLS, step: 2, messages };
}

export const writeCall = (input: string, id = 'Abc123xyz') => ({ id, name: 'write', input });
export const WHOLE_CALL = writeCall('{"path":"a","content":"b"}');

export const assertUnusable = async (
  stage: ProviderStage,
  text: string,
  reason: string,
  more?: Answer,
): Promise<void> => {
  const reply = await stage.replyTo(text, more);
  assert.equal(reply.kind, 'unusable');
  assert.equal(reply.kind === 'unusable' && reply.reason, reason);
};
export const assertRead = async (stage: ProviderStage, text: string): Promise<void> => {
  const reply = await stage.replyTo(text);
  assert.equal(reply.kind, 'output', `not read: ${text}`);
  assert.deepEqual(reply.kind === 'output' && reply.output, GREETING);
};
