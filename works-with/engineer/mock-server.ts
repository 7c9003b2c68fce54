/**
 * A mock model over HTTP, in OpenAI's chat protocol, streamed. It answers with the scripted turns of a role, then calls `finish`.
 *
 * It keeps no state of a conversation: it counts the turns in the request, so that a repeated request gets the same answer.
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

/** A request that the mock received. */
export interface ReceivedRequest {
  phase: Phase;
  /** The size of the whole body. */
  bytes: number;
  /** Bytes after the prefix that an earlier request of the conversation shares. A provider with a prefix cache charges only for these. */
  newBytes: number;
  messages: ChatMessage[];
  /** True if the answer ends the role's work: `finish`, or a text. */
  isLast: boolean;
  project: string;
  /** True if a provider would charge for the answer. */
  isPaid: boolean;
}
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: unknown;
  tool_calls?: Array<{ id: string; function: { name: string; arguments: string } }>;
  tool_call_id?: string;
}
export interface ScriptedCall {
  name: string;
  input: unknown;
}
export interface MockServer extends Served {
  /** The received requests, oldest first. */
  requests: ReceivedRequest[];
}

/** Gives the scripted answer to a turn, from 0: tool calls, or a text. */
export type Player = (phase: Phase, turn: number) => ScriptedCall[] | string;

export interface MockTurn {
  /** The project, by the idempotency key of the call; empty without a key. */
  project: string;
  phase: Phase;
  turn: number;
  /** The number of earlier requests of this phase and project. */
  earlierRequests: number;
  body: string;
}
/** Gives an answer that replaces the scripted one; undefined keeps it. */
export type Override = (turn: MockTurn) => Reply | undefined;
export interface MockOptions {
  /** Finds the phase of a request; by default by the present system prompts. */
  phaseOf?: (messages: ChatMessage[]) => Phase;
  override?: Override;
}

export async function startMock(
  play: Player,
  { phaseOf = phaseReader(), override }: MockOptions = {},
): Promise<MockServer> {
  const requests: ReceivedRequest[] = [];
  const prompts = new Map<string, Buffer[]>();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { messages, tools } = JSON.parse(body.toString('utf8')) as { messages: ChatMessage[]; tools?: unknown };
      const phase = phaseOf(messages);
      // In the order in which providers read the prompt. The first two messages identify the conversation.
      const prompt = Buffer.from(JSON.stringify([tools ?? null, ...messages]));
      const conversation = JSON.stringify(messages.slice(0, 2));
      const earlierPrompts = prompts.get(conversation) ?? [];
      prompts.set(conversation, [...earlierPrompts, prompt]);
      const turn = messages.filter(({ tool_calls }) => tool_calls !== undefined).length;
      const scripted = play(phase, turn);
      const isLast = typeof scripted === 'string' || scripted.some(({ name }) => name === 'finish');
      const newBytes = body.length - sharedBytes(prompt, earlierPrompts);
      const project = String(request.headers['idempotency-key'] ?? '').split('.')[0] ?? '';
      const earlierRequests = requests.filter((one) => one.project === project && one.phase === phase).length;
      const receivedRequest = { phase, bytes: body.length, newBytes, messages, isLast, project, isPaid: true };
      requests.push(receivedRequest);
      const text = body.toString('utf8');
      const replacement = override?.({ project, phase, turn, earlierRequests, body: text });
      if (replacement === undefined) streamAnswer(response, scripted, turn);
      else replacement(response, { headers: request.headers, body: text });
      receivedRequest.isPaid = response.statusCode === 200;
    });
  });
  return { ...(await serveOnLoopback(server)), requests };
}

/** Finds the phase by the system prompt: no other part of a request names the role. */
function phaseReader(): (messages: ChatMessage[]) => Phase {
  const prompts = loadPrompts();
  return ([first]) => {
    const prompt = textOf(first?.content);
    const phase = PHASES.find((known) => prompt.startsWith(prompts.of(known).text));
    if (phase === undefined) throw new Error(`no role has the system prompt that begins "${prompt.slice(0, 200)}"`);
    return phase;
  };
}

export function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content ?? '');
}

/** Gives the calls ids that differ in each turn, as those of a provider do. */
function callsOf(scripted: ScriptedCall[], turn: number): Call[] {
  return scripted.map(({ name, input }, index) => ({
    ...{ id: `call_${turn}_${index}`, name },
    input: JSON.stringify(input),
  }));
}

/** Writes each event by itself, as a provider does while it generates. */
function streamAnswer(response: ServerResponse, scripted: ScriptedCall[] | string, turn: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events =
    typeof scripted === 'string'
      ? chatEvents(scripted, answerOf())
      : chatEvents('', answerOf({ calls: callsOf(scripted, turn) }));
  for (const part of events) response.write(part);
  response.end();
}

function sharedBytes(prompt: Buffer, earlierPrompts: Buffer[]): number {
  return earlierPrompts.reduce((most, other) => Math.max(most, sharedPrefix(prompt, other)), 0);
}

function sharedPrefix(one: Buffer, other: Buffer): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one[at] === other[at]) at += 1;
  return at;
}
