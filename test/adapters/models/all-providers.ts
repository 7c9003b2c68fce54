/**
 * Fakes the server of every provider: a reply with text, tool calls, reasoning and usage, and the form in which reasoning must come back.
 */
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { ProviderAccess } from '../../../src/adapters/models/providers';
import { events } from './faulty-server';
import type { Reply } from './faulty-server';
import { answerOf, chatEvents, event, PROTOCOLS, responsesEvents } from './protocols';
import type { Answer, ChatStyle, Protocol } from './protocols';

export interface FakeProvider {
  spec: string;
  access(origin: string): Partial<ProviderAccess>;
  reply(text: string, more?: Answer): Reply;
  /** Matches the reasoning `hm` in the next request. Undefined: the API returns no reasoning. */
  returnedReasoning: RegExp | undefined;
}

const RETURNED_REASONING = {
  anthropic: /"signature":"signed"/,
  openai: /"encrypted_content":"sealed"/,
  compatible: /"reasoning_content":"hm"/,
};

const [anthropic, openai, compatible] = PROTOCOLS.map(({ name, spec, access, answer }: Protocol) => ({
  ...{ spec, access, reply: (text: string, more?: Answer) => events(answer(text, more)) },
  returnedReasoning: RETURNED_REASONING[name as keyof typeof RETURNED_REASONING],
})) as [FakeProvider, FakeProvider, FakeProvider];

const key = 'key-of-test';
function chatProvider(spec: string, returnedReasoning: RegExp | undefined, style: ChatStyle = {}): FakeProvider {
  const name = spec.slice(0, spec.indexOf(':'));
  return {
    ...{ spec, returnedReasoning },
    access: (origin) => ({ [name]: { apiKey: key, baseUrl: `${origin}/v1` } }),
    reply: (text, more) => events(chatEvents(text, answerOf(more), style)),
  };
}

const GEMINI_STOP = { stop: 'STOP', length: 'MAX_TOKENS', refused: 'SAFETY' };
function geminiEvents(text: string, more?: Answer): string[] {
  const { calls, reasoning, cached, finish } = answerOf(more);
  const parts = [
    ...(reasoning === '' ? [] : [{ text: reasoning, thought: true }]),
    ...(text === '' && calls.length > 0 ? [] : [{ text }]),
    ...calls.map(({ name, input }) => ({
      functionCall: { name, args: JSON.parse(input) as object },
      ...(reasoning === '' ? {} : { thoughtSignature: 'S' }),
    })),
  ];
  const usage = { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 };
  const usageMetadata = { ...usage, ...(cached && { cachedContentTokenCount: cached }) };
  return [
    event({ candidates: [{ content: { role: 'model', parts } }] }),
    event({
      candidates: [{ content: { role: 'model', parts: [] }, finishReason: GEMINI_STOP[finish] }],
      usageMetadata,
    }),
  ];
}

/** Encodes the binary event stream of AWS: lengths and headers with a checksum, the JSON, and a checksum of the whole message. */
function awsEvent(type: string, data: object): Buffer {
  const headers = Buffer.concat(
    [
      [':event-type', type] as const,
      [':content-type', 'application/json'] as const,
      [':message-type', 'event'] as const,
    ].map(([name, value]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(value.length);
      return Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7]),
        length,
        Buffer.from(value),
      ]);
    }),
  );
  const payload = Buffer.from(JSON.stringify(data));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + payload.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const head = Buffer.concat([prelude, checksum(prelude), headers, payload]);
  return Buffer.concat([head, checksum(head)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

const CONVERSE_STOP = { stop: 'end_turn', length: 'max_tokens', refused: 'content_filtered' };
function converseStream(text: string, more?: Answer): Buffer {
  const { calls, reasoning, cached, finish } = answerOf(more);
  const blocks = [
    ...(reasoning === ''
      ? []
      : [
          {
            start: undefined,
            deltas: [{ reasoningContent: { text: reasoning } }, { reasoningContent: { signature: 'signed' } }],
          },
        ]),
    ...(text === '' && calls.length > 0 ? [] : [{ start: undefined, deltas: [{ text }] }]),
    ...calls.map(({ id, name, input }) => ({
      start: { toolUse: { toolUseId: id, name } },
      deltas: [{ toolUse: { input } }],
    })),
  ];
  const usage = {
    inputTokens: 11 - (cached ?? 0),
    outputTokens: 7,
    totalTokens: 18,
    ...(cached && { cacheReadInputTokens: cached }),
  };
  return Buffer.concat([
    awsEvent('messageStart', { role: 'assistant' }),
    ...blocks.flatMap(({ start, deltas }, contentBlockIndex) => [
      ...(start === undefined ? [] : [awsEvent('contentBlockStart', { contentBlockIndex, start })]),
      ...deltas.map((delta) => awsEvent('contentBlockDelta', { contentBlockIndex, delta })),
      awsEvent('contentBlockStop', { contentBlockIndex }),
    ]),
    awsEvent('messageStop', { stopReason: finish === 'stop' && calls.length > 0 ? 'tool_use' : CONVERSE_STOP[finish] }),
    awsEvent('metadata', { usage, metrics: { latencyMs: 1 } }),
  ]);
}

const binaryReply = (bytes: Buffer) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  response.end(bytes);
};

const openrouterReasoning = (text: string) => ({
  reasoning: text,
  reasoning_details: [{ type: 'reasoning.text', text, signature: 'signed', index: 0, format: 'anthropic-claude-v1' }],
});

export const ALL_PROVIDERS: FakeProvider[] = [
  anthropic,
  openai,
  compatible,
  { ...chatProvider('openai-chat:gpt-5-mini', undefined) },
  {
    spec: 'google:gemini-3-pro',
    access: (origin) => ({ google: { apiKey: key, baseUrl: `${origin}/v1beta` } }),
    reply: (text, more) => events(geminiEvents(text, more)),
    returnedReasoning: /"thoughtSignature":"S"/,
  },
  {
    spec: 'vertex:gemini-3-pro',
    access: (origin) => ({
      vertex: {
        ...{ apiKey: key, baseUrl: `${origin}/v1`, project: undefined },
        location: undefined,
        credentialsFile: undefined,
      },
    }),
    reply: (text, more) => events(geminiEvents(text, more)),
    returnedReasoning: /"thoughtSignature":"S"/,
  },
  {
    spec: 'bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0',
    access: (origin) => ({
      bedrock: {
        ...{ apiKey: undefined, secretAccessKey: key, sessionToken: undefined, baseUrl: origin },
        ...{ region: 'eu-central-1', accessKeyId: 'AKID' },
      },
    }),
    reply: (text, more) => binaryReply(converseStream(text, more)),
    returnedReasoning: /"signature":"signed"/,
  },
  {
    spec: 'azure:gpt-5-mini',
    access: (origin) => ({
      azure: { apiKey: key, baseUrl: `${origin}/openai`, resourceName: undefined, apiVersion: undefined },
    }),
    reply: (text, more) => events(responsesEvents(text, answerOf(more)).map((data) => event(data, data.type))),
    returnedReasoning: /"encrypted_content":"sealed"/,
  },
  chatProvider('mistral:magistral-medium-latest', /"type":"thinking","thinking":\[\{"type":"text","text":"hm"/, {
    reasoning: (text) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] }),
    end: (finish_reason, usage) => [{ choices: [{ index: 0, delta: { content: '' }, finish_reason }], usage }],
  }),
  {
    ...chatProvider('xai:grok-4.7', /"encrypted_content":"sealed"/),
    reply: (text, more) => events(responsesEvents(text, answerOf(more)).map((data) => event(data, data.type))),
  },
  chatProvider('deepseek:deepseek-reasoner', /"reasoning_content":"hm"/, {
    cached: (tokens) => ({ prompt_cache_hit_tokens: tokens, prompt_cache_miss_tokens: 11 - tokens }),
  }),
  chatProvider('groq:openai/gpt-oss-120b', /"reasoning":"hm"/, {
    reasoning: (text) => ({ reasoning: text }),
    end: (finish_reason, usage) => [{ choices: [{ index: 0, delta: {}, finish_reason }], x_groq: { id: 'g1', usage } }],
  }),
  chatProvider('openrouter:anthropic/claude-sonnet-4.5', /"reasoning_details":\[.*"signature":"signed"/, {
    reasoning: openrouterReasoning,
  }),
];
