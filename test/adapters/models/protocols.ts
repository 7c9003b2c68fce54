/**
 * The three protocols as a server speaks them: where requests go, and an answer as server-sent events.
 */
import { PROVIDERS } from '../../../src/adapters/models/providers';
import type { ProviderAccess } from '../../../src/adapters/models/providers';
import type { CallLimits, ModelSettings } from '../../../src/adapters/models/settings';

export interface Protocol {
  name: string;
  spec: string;
  access(origin: string): Partial<ProviderAccess>;
  /** A complete answer with the usage 11 in, 7 out. `finish` is the protocol's own word for the end. */
  answer(text: string, finish?: 'stop' | 'length' | 'refused'): string[];
}

const NO_ACCESS = Object.fromEntries(PROVIDERS.map(({ name }) => [name, {}])) as ProviderAccess;
const LIMITS: CallLimits = { timeoutMs: 600_000, idleTimeoutMs: 120_000, maxBytes: 10_000_000 };

/** Settings in which only these providers can be reached. */
export function settingsWith(access: Partial<ProviderAccess>, limits: Partial<CallLimits> = {}): ModelSettings {
  return { providers: { ...NO_ACCESS, ...access }, ...LIMITS, ...limits };
}

const event = (data: unknown, name?: string) => `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

const anthropicStop = { stop: 'end_turn', length: 'max_tokens', refused: 'refusal' };
const anthropic: Protocol = {
  name: 'anthropic',
  spec: 'anthropic:claude-sonnet-4-5',
  access: (origin) => ({ anthropic: { apiKey: 'key-of-test', baseUrl: `${origin}/v1` } }),
  answer: (text, finish = 'stop') =>
    [
      {
        type: 'message_start',
        message: {
          id: 'm1',
          type: 'message',
          role: 'assistant',
          model: 'claude-sonnet-4-5',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 11, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: anthropicStop[finish], stop_sequence: null },
        usage: { output_tokens: 7 },
      },
      { type: 'message_stop' },
    ].map((data) => event(data, data.type)),
};

const openaiStop = { stop: undefined, length: 'max_output_tokens', refused: 'content_filter' };
const openai: Protocol = {
  name: 'openai',
  spec: 'openai:gpt-5-mini',
  access: (origin) => ({ openai: { apiKey: 'key-of-test', baseUrl: `${origin}/v1` } }),
  answer: (text, finish = 'stop') => {
    const reason = openaiStop[finish];
    const message = { type: 'message', id: 'msg1', role: 'assistant', status: 'completed' };
    return [
      { type: 'response.created', response: { id: 'r1', created_at: 1, model: 'gpt-5-mini' } },
      { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } },
      { type: 'response.output_text.delta', item_id: 'msg1', output_index: 0, content_index: 0, delta: text },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { ...message, content: [{ type: 'output_text', text, annotations: [] }] },
      },
      {
        type: reason ? 'response.incomplete' : 'response.completed',
        response: {
          incomplete_details: reason ? { reason } : null,
          usage: { input_tokens: 11, output_tokens: 7 },
        },
      },
    ].map((data) => event(data, data.type));
  },
};

const compatibleStop = { stop: 'stop', length: 'length', refused: 'content_filter' };
const compatible: Protocol = {
  name: 'compatible',
  spec: 'compatible:llama3:8b',
  access: (origin) => ({ compatible: { apiKey: undefined, baseUrl: `${origin}/v1` } }),
  answer: (text, finish = 'stop') => {
    const chunk = (rest: object) =>
      event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'llama3:8b', ...rest });
    return [
      chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }] }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: compatibleStop[finish] }] }),
      chunk({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } }),
      'data: [DONE]\n\n',
    ];
  },
};

export const PROTOCOLS: Protocol[] = [anthropic, openai, compatible];
