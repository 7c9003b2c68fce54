/**
 * A model as an HTTP server: OpenAI's chat protocol, streamed. It plays the turns of an engineer's role and then calls `finish`.
 *
 * It keeps nothing of a conversation: which turn comes next is counted in the request, so that a repeated request has the same answer.
 */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { loadPrompts } from '../../src/adapters/prompts';
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';
import { answerOf, chatEvents } from '../../test/adapters/models/protocols';
import type { Reply } from '../../test/adapters/models/faulty-server';
import type { Call } from '../../test/adapters/models/protocols';
import { serveOnLoopback } from '../loopback';
import type { Served } from '../loopback';

/** A request as it came over the wire. */
export interface Heard {
  phase: Phase;
  /** Of the whole body. */
  bytes: number;
  /** Bytes behind the beginning that it shares with an earlier request of its conversation: what a prefix cache leaves to pay. */
  newBytes: number;
  messages: ChatMessage[];
  /** True where the answer ends the role's work: `finish`, or text. */
  isLast: boolean;
  project: string;
  /** True where the answer is one that a provider charges for. */
  isPaid: boolean;
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
export interface MockServer extends Served {
  /** In the order in which they came. */
  heard: Heard[];
}

/** The calls of the answer to the turn, from 0; or the answer as text. */
export type Player = (phase: Phase, turn: number) => Played[] | string;

export interface Asked {
  /** As the call's idempotency key names it; empty where there is none. */
  project: string;
  phase: Phase;
  turn: number;
  /** From 0: how often the phase of the project was asked before. */
  before: number;
  body: string;
}
/** An answer in the place of the one that is played. */
export type Bend = (asked: Asked) => Reply | undefined;
export interface MockOptions {
  /** Which role asks; by default as the present prompts tell it. */
  phaseOf?: (messages: ChatMessage[]) => Phase;
  bend?: Bend;
}

export async function startMock(
  play: Player,
  { phaseOf = phaseReader(), bend }: MockOptions = {},
): Promise<MockServer> {
  const heard: Heard[] = [];
  const prompts = new Map<string, Buffer[]>();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { messages, tools } = JSON.parse(body.toString('utf8')) as { messages: ChatMessage[]; tools?: unknown };
      const phase = phaseOf(messages);
      // In the order in which providers read it; the first two messages are those of one conversation only.
      const prompt = Buffer.from(JSON.stringify([tools ?? null, ...messages]));
      const conversation = JSON.stringify(messages.slice(0, 2));
      const earlier = prompts.get(conversation) ?? [];
      prompts.set(conversation, [...earlier, prompt]);
      const turn = messages.filter(({ tool_calls }) => tool_calls !== undefined).length;
      const played = play(phase, turn);
      const isLast = typeof played === 'string' || played.some(({ name }) => name === 'finish');
      const newBytes = body.length - sharedBytes(prompt, earlier);
      const project = String(request.headers['idempotency-key'] ?? '').split('.')[0] ?? '';
      const before = heard.filter((one) => one.project === project && one.phase === phase).length;
      const one = { phase, bytes: body.length, newBytes, messages, isLast, project, isPaid: true };
      heard.push(one);
      const text = body.toString('utf8');
      const bent = bend?.({ project, phase, turn, before, body: text });
      if (bent === undefined) stream(response, played, turn);
      else bent(response, { headers: request.headers, body: text });
      one.isPaid = response.statusCode === 200;
    });
  });
  return { ...(await serveOnLoopback(server)), heard };
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
function stream(response: ServerResponse, played: Played[] | string, turn: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events =
    typeof played === 'string'
      ? chatEvents(played, answerOf())
      : chatEvents('', answerOf({ calls: callsOf(played, turn) }));
  for (const part of events) response.write(part);
  response.end();
}

function sharedBytes(prompt: Buffer, before: Buffer[]): number {
  return before.reduce((most, other) => Math.max(most, sharedPrefix(prompt, other)), 0);
}

function sharedPrefix(one: Buffer, other: Buffer): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one[at] === other[at]) at += 1;
  return at;
}
