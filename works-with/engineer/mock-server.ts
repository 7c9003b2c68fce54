/**
 * A model as an HTTP server: OpenAI's chat protocol, streamed. It plays the turns of an engineer's role and then calls `finish`.
 *
 * It keeps nothing of a conversation: which turn comes next is counted in the request, so that a repeated request has the same answer.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadPrompts } from '../../src/adapters/prompts';
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';
import { answerOf, chatEvents } from '../../test/adapters/models/protocols';
import type { Call } from '../../test/adapters/models/protocols';

/** A request as it came over the wire. */
export interface Heard {
  phase: Phase;
  /** Of the whole body. */
  bytes: number;
  /** Bytes behind the longest beginning that it shares with an earlier request of its phase: what a prefix cache leaves to pay. */
  newBytes: number;
  messages: ChatMessage[];
}
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: unknown;
  tool_calls?: Array<{ id: string; function: { name: string; arguments: string } }>;
  tool_call_id?: string;
}
export interface Played {
  name: string;
  input: unknown;
}
export interface MockServer {
  /** As COMPATIBLE_BASE_URL takes it. */
  baseUrl: string;
  /** In the order in which they came. */
  heard: Heard[];
  stop(): Promise<void>;
}

/** `play` gives the calls of the answer to the turn, from 0; none to say `finish` with `output`. */
export type Player = (phase: Phase, turn: number) => Played[];

export async function startMock(play: Player): Promise<MockServer> {
  const heard: Heard[] = [];
  const bodies: Partial<Record<Phase, Buffer[]>> = {};
  const phaseOf = phaseReader();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { messages } = JSON.parse(body.toString('utf8')) as { messages: ChatMessage[] };
      const phase = phaseOf(messages);
      const before = (bodies[phase] ??= []);
      heard.push({ phase, bytes: body.length, newBytes: body.length - sharedBytes(body, before), messages });
      before.push(body);
      const turn = messages.filter(({ tool_calls }) => tool_calls !== undefined).length;
      stream(response, callsOf(play(phase, turn), turn));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    heard,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** By the system prompt: the wire says nowhere else which role asks. */
function phaseReader(): (messages: ChatMessage[]) => Phase {
  const prompts = loadPrompts();
  return ([first]) => {
    const said = textOf(first?.content);
    const phase = PHASES.find((one) => said.startsWith(prompts.of(one).text));
    if (phase === undefined) throw new Error(`no role has the system prompt that begins "${said.slice(0, 200)}"`);
    return phase;
  };
}

export function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content ?? '');
}

/** The ids are new in each turn, as a provider gives them. */
function callsOf(played: Played[], turn: number): Call[] {
  return played.map(({ name, input }, index) => ({
    ...{ id: `call_${turn}_${index}`, name },
    input: JSON.stringify(input),
  }));
}

/** An event a write, as it is generated. */
function stream(response: ServerResponse, calls: Call[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const part of chatEvents('', answerOf({ calls }))) response.write(part);
  response.end();
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function sharedBytes(body: Buffer, before: Buffer[]): number {
  return before.reduce((most, other) => Math.max(most, sharedPrefix(body, other)), 0);
}

function sharedPrefix(one: Buffer, other: Buffer): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one[at] === other[at]) at += 1;
  return at;
}
