/**
 * A model over HTTP that streams chat completions and logs its calls and answers. It reports when the third step of a phase
 * reaches the moment at which the worker is to be killed.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseCallKey } from '../../../src/domain/ids';
import { PHASES } from '../../../src/domain/roles';
import type { Phase } from '../../../src/domain/roles';
import { answerIn } from './answers';
import type { Moment } from './answers';

export const THIRD = 3;
const PART_CHARS = 500;

/** A request that arrived completely. */
export interface Call {
  /** The key of the call: the header without the digest of the body at its end. */
  key: string;
  /** The whole `Idempotency-Key`. */
  header: string;
  phase: Phase;
  step: number;
  body: string;
  /** An answer to this key was already stored when the request arrived. */
  wasStored: boolean;
  /** The last byte of the answer was handed to the kernel. */
  isAnswered: boolean;
}

/** Kills the worker once, in the third step of the phase. */
export interface Trap {
  phase: Phase;
  spring(): void;
  isSprung: boolean;
}

export interface MockModel {
  url: string;
  calls: Call[];
  /** The number of requests without a key of this test: it must be 0. */
  unknownRequests: number;
  trap: Trap | null;
  close(): Promise<void>;
}

interface Options {
  moments: Record<Phase, Moment>;
  isStored: (key: string) => boolean;
}

export async function startModel({ moments, isStored }: Options): Promise<MockModel> {
  let isNextConnectionThird = false;
  const server = createServer((req, res) => {
    void answerOne(req, res).catch(() => res.destroy());
  });
  const model: MockModel = { url: '', calls: [], unknownRequests: 0, trap: null, close: () => closeServer(server) };
  const springIn = (phase: Phase, moment: Moment): boolean => {
    const { trap } = model;
    if (trap === null || trap.isSprung || trap.phase !== phase || moments[phase] !== moment) return false;
    trap.isSprung = true;
    trap.spring();
    return true;
  };
  server.on('connection', (socket) => {
    if (!isNextConnectionThird || model.trap === null) return;
    isNextConnectionThird = false;
    // The model has not read the request yet.
    if (springIn(model.trap.phase, 'before the request arrives')) socket.destroy();
  });

  async function answerOne(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await text(req);
    const header = String(req.headers['idempotency-key'] ?? '');
    const key = header.replace(/\.[0-9a-f]{12}$/, '');
    const { phase, step = 0 } = parseCallKey(key) ?? {};
    const calls = phase && answerIn(phase, step, moments[phase]);
    if (phase === undefined || calls === undefined) {
      model.unknownRequests += 1;
      return void res.writeHead(404).end();
    }
    const call: Call = { key, header, phase, step, body, wasStored: isStored(key), isAnswered: false };
    model.calls.push(call);
    const isBefore = step === THIRD - 1 && moments[phase] === 'before the request arrives';
    // The third request then comes on a new connection, which the model sees before the request.
    isNextConnectionThird = isBefore && model.trap?.phase === phase && !model.trap.isSprung;
    res.writeHead(200, { 'content-type': 'text/event-stream', ...(isBefore ? { connection: 'close' } : {}) });
    const parts = partsOf(calls, promptTokens(phase, step));
    const half = parts.splice(0, Math.ceil(parts.length / 2));
    await new Promise<void>((resolve) => res.write(half.join(''), () => resolve()));
    if (step === THIRD && springIn(phase, 'while the answer streams')) return void res.destroy();
    for (const part of parts) res.write(part);
    res.once('finish', () => {
      call.isAnswered = true;
      if (step === THIRD) springIn(phase, 'after the last byte');
    });
    res.end();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return model;
}

/** Returns a different number for each call, so that a sum shows which calls were counted. */
export function promptTokens(phase: Phase, step: number): number {
  return 1_000 + 2 ** (PHASES.indexOf(phase) * 4 + step - 1);
}
export const COMPLETION_TOKENS = 200;

/** The calls of an answer as events: their arguments in pieces, the usage at the end. */
function partsOf(calls: Array<{ name: string; input: object }>, prompt_tokens: number): string[] {
  const event = (choices: unknown[], members: object = {}) =>
    `data: ${JSON.stringify({ id: 'mock', object: 'chat.completion.chunk', created: 1, model: 'mock', choices, ...members })}\n\n`;
  const delta = (index: number, call: object) =>
    event([{ index: 0, delta: { tool_calls: [{ index, ...call }] }, finish_reason: null }]);
  const usage = {
    prompt_tokens,
    completion_tokens: COMPLETION_TOKENS,
    total_tokens: prompt_tokens + COMPLETION_TOKENS,
  };
  return [
    ...calls.flatMap(({ name, input }, index) => [
      delta(index, { id: `call-${index + 1}`, type: 'function', function: { name, arguments: '' } }),
      ...inPieces(JSON.stringify(input)).map((piece) => delta(index, { function: { arguments: piece } })),
    ]),
    event([{ index: 0, delta: {}, finish_reason: 'tool_calls' }]),
    event([], { usage }),
    'data: [DONE]\n\n',
  ];
}

function inPieces(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / PART_CHARS) }, (_, at) =>
    text.slice(at * PART_CHARS, (at + 1) * PART_CHARS),
  );
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
