/**
 * Makes small direct calls to a model on the real server: each form of answer, the schema of each phase, too large limits, and a
 * too long request. The form is the way in which the model must give its output: by a call of a tool (`tools`), as JSON that the
 * server holds to a schema (`schema`), or as JSON in a text (`text`).
 */
import { z } from 'zod';
import { OUTPUT_SCHEMAS } from '../../src/activities/outputs';
import { createModel } from '../../src/adapters/models/create-model';
import { Failure } from '../../src/domain/failures';
import { PHASES } from '../../src/domain/roles';
import type { ModelRequest, RoleModel } from '../../src/ports/model';
import { readConfig } from '../../src/programs/config';
import type { Exchange } from './exchange';
import type { Proxy } from './proxy';
import { CONTEXT_TOKENS } from './server';
import { envFor } from './settings';
import type { Tuning } from './settings';

export interface CallCase {
  name: string;
  tuning: Tuning;
  requests: Array<Partial<ModelRequest>>;
}
export interface CallResults {
  name: string;
  exchanges: Exchange[];
  /** The result that the product reported for each request. */
  outcomes: string[];
  /** What the product learned about the server. */
  notices: string[];
}

/** A schema with every limit that a grammar can enforce. */
const schema = z.object({
  title: z.string().min(3).max(20),
  colours: z.array(z.string().min(2).max(12)).min(2).max(4),
  mood: z.enum(['calm', 'loud']),
  weight: z.number().int().min(1).max(9),
});
const tools: ModelRequest['tools'] = {
  look: { description: 'Shows a room.', input: z.object({ room: z.enum(['hall', 'kitchen']) }) },
};
const THREE_REQUESTS = [
  { schema, tools },
  { schema, tools },
  { schema, tools },
];
const PHASE_REQUESTS = PHASES.map((phase) => ({ phase, schema: OUTPUT_SCHEMAS[phase], tools }));
/** A schema with the largest limits that the product sends as JSON Schema keywords (maxLength, maxItems). */
const LARGE_REQUEST = { schema: z.object({ lines: z.array(z.string().max(1_000)).max(1_000) }) };
const TOO_LONG_REQUEST = { schema, messages: [{ from: 'user' as const, text: 'one colour, '.repeat(CONTEXT_TOKENS) }] };
/** Enough tokens for an output of the small schema. */
const SMALL_OUTPUT = { maxOutputTokens: 150 };
/** Enough tokens to see whether the server accepts a schema: it refuses one before the first token. */
const FIRST_TOKENS = { maxOutputTokens: 16 };

/** The calls to a server whose template does not show tools to the model. */
export const WITHOUT_TOOLS: CallCase[] = [
  { name: 'no form set', tuning: SMALL_OUTPUT, requests: THREE_REQUESTS },
  { name: 'form tools', tuning: { ...SMALL_OUTPUT, form: 'tools' }, requests: THREE_REQUESTS },
  { name: 'form schema', tuning: { ...SMALL_OUTPUT, form: 'schema' }, requests: THREE_REQUESTS },
  { name: 'form text', tuning: { ...SMALL_OUTPUT, form: 'text' }, requests: THREE_REQUESTS },
  {
    name: 'form schema, the output of each phase',
    tuning: { ...FIRST_TOKENS, form: 'schema' },
    requests: PHASE_REQUESTS,
  },
  {
    name: 'form schema, 1,000 lines of 1,000 characters',
    tuning: { ...FIRST_TOKENS, form: 'schema' },
    requests: [LARGE_REQUEST, LARGE_REQUEST],
  },
  {
    name: 'a request that is too long',
    tuning: { ...FIRST_TOKENS, form: 'schema', unknownWindow: true },
    requests: [TOO_LONG_REQUEST],
  },
];
/** The calls to a server whose template shows tools to the model. */
export const WITH_TOOLS: CallCase[] = [
  { name: 'form tools', tuning: { ...SMALL_OUTPUT, form: 'tools' }, requests: THREE_REQUESTS },
  {
    name: 'form tools, one call a turn',
    tuning: { ...SMALL_OUTPUT, form: 'tools', oneCall: true },
    requests: THREE_REQUESTS,
  },
  {
    name: 'form tools, the output of each phase',
    tuning: { ...FIRST_TOKENS, form: 'tools' },
    requests: PHASE_REQUESTS,
  },
];

export async function askCase(
  { name, tuning, requests }: CallCase,
  proxy: Proxy,
  folder: string,
): Promise<CallResults> {
  const earlierCount = proxy.exchanges.length;
  const notices: string[] = [];
  const { chains, ...settings } = readConfig(envFor(proxy.baseUrl, folder, tuning)).models;
  const model = createModel(chains.q_assistant ?? [], { ...settings, say: (line) => notices.push(line) });
  const windowBefore = model.windowChars;
  const outcomes: string[] = [];
  for (const request of requests) outcomes.push(await outcomeOf(model, request));
  if (model.windowChars !== windowBefore) notices.push(`the context holds ${model.windowChars} characters`);
  return { name, exchanges: proxy.exchanges.slice(earlierCount), outcomes, notices };
}

async function outcomeOf(model: RoleModel, request: Partial<ModelRequest>): Promise<string> {
  try {
    const reply = await model.call({
      ...{ role: 'q_assistant', phase: 'discovery', generation: 1, attempt: 1, step: 1, schema },
      system: 'You paint rooms. You answer with a title, colours, a mood and a weight.',
      messages: [{ from: 'user', text: 'Paint the kitchen.' }],
      signal: new AbortController().signal,
      ...request,
    });
    switch (reply.kind) {
      case 'output':
        return 'output';
      case 'tools':
        return `calls ${reply.toolCalls.map((call) => call.name).join(', ')}`;
      case 'unusable':
        return `unusable: ${reply.summary}`;
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.type}: ${error.message}`;
  }
}
