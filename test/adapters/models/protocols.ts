/**
 * Fakes the servers of the providers: where requests go, and an answer as server-sent events.
 */
import { PROVIDERS } from '../../../src/adapters/models/providers';
import type { ProviderAccess } from '../../../src/adapters/models/providers';
import type { CallLimits, ModelSettings } from '../../../src/adapters/models/settings';

export interface Protocol {
  name: string;
  spec: string;
  access(origin: string): Partial<ProviderAccess>;
  /** A complete answer with 11 input and 7 output tokens. It ends with this protocol's own word for `finish`. */
  answer(text: string, more?: Finish | Answer): string[];
}
export type Finish = 'stop' | 'length' | 'refused';
export interface Answer {
  finish?: Finish;
  calls?: Call[];
  reasoning?: string;
  /** The number of input tokens that came from the cache. */
  cached?: number;
}
export interface Call {
  id: string;
  name: string;
  /** The raw text of the arguments, which may be invalid JSON. */
  input: string;
}

export function answerOf(more: Finish | Answer = 'stop'): Required<Omit<Answer, 'cached'>> & Pick<Answer, 'cached'> {
  return { finish: 'stop', calls: [], reasoning: '', ...(typeof more === 'string' ? { finish: more } : more) };
}

const NO_ACCESS = Object.fromEntries(PROVIDERS.map(({ name }) => [name, {}])) as ProviderAccess;
const LIMITS: CallLimits = { timeoutMs: 600_000, idleTimeoutMs: 120_000, maxBytes: 10_000_000 };

/** Settings that configure only these providers. */
export function settingsWith(access: Partial<ProviderAccess>, limits: Partial<CallLimits> = {}): ModelSettings {
  return { providers: { ...NO_ACCESS, ...access }, ...LIMITS, ...limits };
}

export const event = (data: unknown, name?: string) =>
  `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

const anthropicStop = { stop: 'end_turn', length: 'max_tokens', refused: 'refusal' };
const anthropic: Protocol = {
  name: 'anthropic',
  spec: 'anthropic:claude-sonnet-4-5',
  access: (origin) => ({ anthropic: { apiKey: 'key-of-test', baseUrl: `${origin}/v1` } }),
  answer: (text, more) => anthropicEvents(text, answerOf(more)).map((data) => event(data, data.type)),
};

function anthropicEvents(text: string, { finish, calls, reasoning, cached }: ReturnType<typeof answerOf>) {
  const blocks = [
    ...(reasoning === ''
      ? []
      : [
          {
            content_block: { type: 'thinking', thinking: '', signature: '' },
            deltas: [
              { type: 'thinking_delta', thinking: reasoning },
              { type: 'signature_delta', signature: 'signed' },
            ],
          },
        ]),
    ...(text === '' && calls.length > 0
      ? []
      : [{ content_block: { type: 'text', text: '' }, deltas: [{ type: 'text_delta', text }] }]),
    ...calls.map(({ id, name, input }) => ({
      content_block: { type: 'tool_use', id, name, input: {} },
      deltas: [{ type: 'input_json_delta', partial_json: input }],
    })),
  ];
  const usage = {
    input_tokens: 11 - (cached ?? 0),
    output_tokens: 1,
    ...(cached && { cache_read_input_tokens: cached }),
  };
  const message = { id: 'm1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [], usage };
  const stop_reason = finish === 'stop' && calls.length > 0 ? 'tool_use' : anthropicStop[finish];
  return [
    { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
    ...blocks.flatMap(({ content_block, deltas }, index) => [
      { type: 'content_block_start', index, content_block },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ];
}

const openaiStop = { stop: undefined, length: 'max_output_tokens', refused: 'content_filter' };
export const openai: Protocol = {
  name: 'openai',
  spec: 'openai:gpt-5-mini',
  access: (origin) => ({ openai: { apiKey: 'key-of-test', baseUrl: `${origin}/v1` } }),
  answer: (text, more) => responsesEvents(text, answerOf(more)).map((data) => event(data, data.type)),
};

export function responsesEvents(text: string, { finish, calls, reasoning, cached }: ReturnType<typeof answerOf>) {
  const reason = openaiStop[finish];
  const message = { type: 'message', id: 'msg1', role: 'assistant', status: 'completed' };
  const reasoningItem = {
    type: 'reasoning',
    status: 'completed',
    id: 'rs1',
    encrypted_content: 'sealed',
    summary: [{ type: 'summary_text', text: reasoning }],
  };
  const items = [
    ...(reasoning === '' ? [] : [{ added: { ...reasoningItem, summary: [] }, delta: undefined, done: reasoningItem }]),
    ...(text === '' && calls.length > 0
      ? []
      : [
          {
            added: { ...message, content: [] },
            delta: { type: 'response.output_text.delta', item_id: 'msg1', content_index: 0, delta: text },
            done: { ...message, content: [{ type: 'output_text', text, annotations: [] }] },
          },
        ]),
    ...calls.map(({ id, name, input }, index) => {
      const item = { type: 'function_call', id: `fc${index}`, call_id: id, name, status: 'completed' };
      return { added: { ...item, arguments: '' }, delta: undefined, done: { ...item, arguments: input } };
    }),
  ];
  const response = { id: 'r1', object: 'response', created_at: 1, model: 'gpt-5-mini', output: [] };
  const details = cached === undefined ? {} : { input_tokens_details: { cached_tokens: cached } };
  return [
    { type: 'response.created', response: { ...response, status: 'in_progress' } },
    ...items.flatMap(({ added, delta, done }, output_index) => [
      { type: 'response.output_item.added', output_index, item: added },
      ...(delta === undefined ? [] : [{ output_index, ...delta }]),
      { type: 'response.output_item.done', output_index, item: done },
    ]),
    {
      type: reason ? 'response.incomplete' : 'response.completed',
      response: {
        ...response,
        status: reason ? 'incomplete' : 'completed',
        incomplete_details: reason ? { reason } : null,
        usage: { input_tokens: 11, output_tokens: 7, ...details },
      },
    },
  ];
}

const compatibleStop = { stop: 'stop', length: 'length', refused: 'content_filter' };
const compatible: Protocol = {
  name: 'compatible',
  spec: 'compatible:llama3:8b',
  access: (origin) => ({ compatible: { apiKey: undefined, baseUrl: `${origin}/v1` } }),
  answer: (text, more) => chatEvents(text, answerOf(more)),
};

/** The differences between servers with the chat completions API. */
export interface ChatStyle {
  reasoning?: (text: string) => object;
  /** The member for cached tokens in the usage. */
  cached?: (tokens: number) => object;
  /** The chunk that ends the answer, and all chunks after it. */
  end?: (finish_reason: string, usage: object) => object[];
}

const endWithUsage = (finish_reason: string, usage: object) => [
  { choices: [{ index: 0, delta: {}, finish_reason }] },
  { choices: [], usage },
];

/** Streams an answer in the format of chat completions. */
export function chatEvents(text: string, answer: ReturnType<typeof answerOf>, style: ChatStyle = {}): string[] {
  const { finish, calls, reasoning, cached } = answer;
  const chunk = (members: object) =>
    event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'llama3:8b', ...members });
  const delta = (content: object) => chunk({ choices: [{ index: 0, delta: content, finish_reason: null }] });
  const reasoningDelta = style.reasoning ?? ((text) => ({ reasoning_content: text }));
  const cachedUsage = style.cached ?? ((tokens) => ({ prompt_tokens_details: { cached_tokens: tokens } }));
  const finish_reason = finish === 'stop' && calls.length > 0 ? 'tool_calls' : compatibleStop[finish];
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, ...(cached && cachedUsage(cached)) };
  return [
    ...(reasoning === '' ? [] : [delta({ role: 'assistant', ...reasoningDelta(reasoning) })]),
    ...(text === '' && calls.length > 0 ? [] : [delta({ role: 'assistant', content: text })]),
    ...calls.map(({ id, name, input }, index) =>
      delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: input } }] }),
    ),
    ...(style.end ?? endWithUsage)(finish_reason, usage).map(chunk),
    'data: [DONE]\n\n',
  ];
}

export const PROTOCOLS: Protocol[] = [anthropic, openai, compatible];
