/**
 * A model server that charges for its answers and keeps books of its own: what it charges is not what it tells.
 *
 * It charges one token for each byte of a request, which is the most that a tokenizer can make of it.
 */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NOTHING, addAmounts } from '../../src/domain/money/amounts';
import type { Amounts } from '../../src/domain/money/amounts';
import { costOf } from '../../src/domain/money/price';
import type { Price } from '../../src/domain/money/price';

/** Each charges, but the refusals. `long`: as many output tokens as the request allows. */
export const BEHAVIOURS = [
  ...(['good', 'long', 'untold', 'cut', 'broken', 'silent'] as const),
  ...(['refused', 'overloaded', 'bad_form'] as const),
] as const;
/** `hang`: it charges and never answers. */
export type Behaviour = (typeof BEHAVIOURS)[number] | 'hang';
const FREE: readonly Behaviour[] = ['refused', 'overloaded', 'bad_form'];

export interface ChargingServer {
  origin: string;
  books(): Amounts;
  /** The output tokens that each request allowed. */
  limits: number[];
  close(): Promise<void>;
}

/** `behave` is asked for each request; `answer` gives the output of the role. */
export async function chargingServer(
  price: Price,
  behave: () => Behaviour | Promise<Behaviour>,
  answer: (body: ChatBody) => object,
): Promise<ChargingServer> {
  let books = NOTHING;
  const limits: number[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void (async () => {
        const bytes = Buffer.concat(parts);
        const body = JSON.parse(bytes.toString()) as ChatBody;
        const behaviour = await behave();
        const output = behaviour === 'good' ? Math.min(20, body.max_tokens) : body.max_tokens;
        const input = bytes.byteLength;
        limits.push(body.max_tokens);
        const microUsd = costOf(price, { input, cachedInput: 0, cacheWrite: 0, output });
        if (!FREE.includes(behaviour)) books = addAmounts(books, { microUsd, tokens: input + output, calls: 1 });
        respond(response, { behaviour, input, output, text: JSON.stringify(answer(body)), body });
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    books: () => books,
    limits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface ChatBody {
  max_tokens: number;
  messages: Array<{ role: string; content: unknown }>;
  tools?: Array<{ function: { name: string; parameters?: unknown } }>;
}

interface Answered {
  behaviour: Behaviour;
  input: number;
  output: number;
  text: string;
  body: ChatBody;
}

function respond(response: ServerResponse, { behaviour, input, output, text, body }: Answered): void {
  const refuse = (status: number, message: string) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
  if (behaviour === 'refused') return void refuse(500, 'it failed');
  if (behaviour === 'overloaded') return void refuse(429, 'slow down');
  if (behaviour === 'bad_form') return void refuse(400, 'tools are not supported');
  if (behaviour === 'hang') return;
  if (behaviour === 'silent') return void response.destroy();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (members: object) =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', ...members })}\n\n`;
  const choice = (delta: object, finish_reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason }] });
  const call = { index: 0, id: 'c1', type: 'function', function: { name: 'finish', arguments: text } };
  const asTool = body.tools !== undefined;
  const content = choice(asTool ? { tool_calls: [call] } : { content: text });
  if (behaviour === 'cut') return void response.write(content, () => response.destroy());
  const broken = `data: ${JSON.stringify({ error: { message: 'internal error', type: 'server_error', code: 500 } })}\n\n`;
  if (behaviour === 'broken') return void response.end(content + broken);
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  const end = behaviour === 'untold' ? '' : chunk({ choices: [], usage });
  response.end(`${content}${choice({}, asTool ? 'tool_calls' : 'stop')}${end}data: [DONE]\n\n`);
}
