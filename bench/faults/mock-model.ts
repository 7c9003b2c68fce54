/**
 * An OpenAI-compatible server that answers from the dark-mode script and counts the requests of each call.
 *
 * A call is identified by its idempotency key, which names build, phase, generation, attempt and step and selects the answer.
 * Answers of a phase can be delayed, so that a worker is killed during its calls.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readScript } from '../../src/adapters/models/script-file';
import type { ScriptAnswer } from '../../src/adapters/models/script-file';
import type { Phase } from '../../src/domain/roles';
import { onCleanUp } from '../cleanup';
import { SCRIPT_FILE } from '../example';

/** One request, and whether its answer was sent completely. */
export interface Call {
  key: string;
  /** The number of kills so far: two answers in one epoch went to the same worker process. */
  epoch: number;
  /** The answer to this key had been stored already when it was asked for again. */
  wasStored: boolean;
  answered: boolean;
  /** Milliseconds since 1970 when the request had arrived. */
  at: number;
}

export interface MockModel {
  url: string;
  calls: Call[];
  epoch: number;
  /** From now on calls of first attempts of this phase wait for `answerOldest`; null: no call waits. */
  hold(phase: Phase | null): void;
  waiting(): number;
  /** Answers the oldest waiting calls. */
  answerOldest(count: number): void;
}

/** Matches an idempotency key: build, phase, generation, attempt and step, then a retry's digest or a repair number. */
const KEY =
  /^(?<build>.+)\.(?<phase>[a-z]+)\.g(?<generation>\d+)\.a(?<attempt>\d+)\.s(?<step>\d+)(\.r[0-9a-f]{16})?(\.repair-\d+)?$/;

export async function startMockModel(options: { delayMs: number; isStored: (key: string) => boolean }) {
  const script = readScript(SCRIPT_FILE);
  let heldPhase: Phase | null = null;
  let waitingCalls: Array<() => void> = [];
  const server = createServer((req, res) => {
    void answerOne(req, res).catch(() => res.destroy());
  });
  const model: MockModel = {
    url: '',
    calls: [],
    epoch: 0,
    hold: (phase) => (heldPhase = phase),
    waiting: () => waitingCalls.length,
    answerOldest(count) {
      for (const go of waitingCalls.splice(0, count)) go();
    },
  };

  async function answerOne(req: IncomingMessage, res: ServerResponse): Promise<void> {
    for await (const chunk of req) void chunk;
    const header = String(req.headers['idempotency-key'] ?? '');
    // The header ends with a digest of the body, after the key of the call.
    const key = header.replace(/\.[0-9a-f]{12}$/, '');
    const { phase, attempt, step } = KEY.exec(key)?.groups ?? {};
    const answer = script.phases[phase as Phase]?.[Number(attempt) - 1]?.[Number(step) - 1];
    if (answer === undefined) return void res.writeHead(404).end();
    const known = { key, epoch: model.epoch, wasStored: options.isStored(key) };
    const call: Call = { ...known, answered: false, at: Date.now() };
    model.calls.push(call);
    // A call whose caller has disconnected must not wait any longer.
    const disconnected = once(res, 'close');
    if (heldPhase === phase && attempt === '1') await Promise.race([waitAtGate(disconnected), disconnected]);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, options.delayMs)), disconnected]);
    if (res.destroyed) return;
    res.once('finish', () => (call.answered = true));
    stream(res, answer);
  }

  async function waitAtGate(gone: Promise<unknown>): Promise<void> {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    waitingCalls.push(open);
    void gone.then(() => (waitingCalls = waitingCalls.filter((one) => one !== open)));
    await opened;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return model;
}

/** Sends the answer in pieces, as providers do, with the usage at the end. */
function stream(res: ServerResponse, answer: ScriptAnswer): void {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (choices: unknown[], more: object = {}) =>
    res.write(`data: ${JSON.stringify({ ...CHUNK, choices, ...more })}\n\n`);
  const delta = (content: object) => send([{ index: 0, delta: content, finish_reason: null }]);
  const text = answer.output === undefined ? answer.text : JSON.stringify(answer.output);
  for (let from = 0; from < text.length; from += 2_000) delta({ content: text.slice(from, from + 2_000) });
  for (const [index, { name, input }] of (answer.tools ?? []).entries()) {
    const called = { name, arguments: JSON.stringify(input) };
    delta({ tool_calls: [{ index, id: `call-${index + 1}`, type: 'function', function: called }] });
  }
  send([{ index: 0, delta: {}, finish_reason: answer.tools === undefined ? 'stop' : 'tool_calls' }]);
  send([], { usage: { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 } });
  res.end('data: [DONE]\n\n');
}

const CHUNK = { id: 'mock', object: 'chat.completion.chunk', created: 1, model: 'mock' };
