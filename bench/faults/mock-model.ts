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
import { afterwards } from '../cleanup';
import { SCRIPT_FILE } from '../example';

/** One request, and whether its answer left whole. */
export interface Call {
  key: string;
  /** Counts the kills so far: two answers in one epoch went to the same living worker. */
  epoch: number;
  /** The answer to this key had been stored already when it was asked for again. */
  wasStored: boolean;
  answered: boolean;
}

export interface MockModel {
  url: string;
  calls: Call[];
  epoch: number;
  /** From now on first attempts of this phase wait until they are let go; null: nobody waits. */
  hold(phase: Phase | null): void;
  waiting(): number;
  /** Lets the oldest ones go that wait. */
  letGo(count: number): void;
}

const KEY =
  /^(?<build>.+)\.(?<phase>[a-z]+)\.g(?<generation>\d+)\.a(?<attempt>\d+)\.s(?<step>\d+)(\.r[0-9a-f]{16})?(\.repair-\d+)?$/;

export async function startMockModel(options: { delayMs: number; isStored: (key: string) => boolean }) {
  const script = readScript(SCRIPT_FILE);
  let held: Phase | null = null;
  let gate: Array<() => void> = [];
  const server = createServer((req, res) => {
    void answerOne(req, res).catch(() => res.destroy());
  });
  const model: MockModel = {
    url: '',
    calls: [],
    epoch: 0,
    hold: (phase) => (held = phase),
    waiting: () => gate.length,
    letGo(count) {
      for (const go of gate.splice(0, count)) go();
    },
  };

  async function answerOne(req: IncomingMessage, res: ServerResponse): Promise<void> {
    for await (const chunk of req) void chunk;
    const header = String(req.headers['idempotency-key'] ?? '');
    // Behind the key of the call stands a digest of the body.
    const key = header.replace(/\.[0-9a-f]{12}$/, '');
    const { phase, attempt, step } = KEY.exec(key)?.groups ?? {};
    const answer = script.phases[phase as Phase]?.[Number(attempt) - 1]?.[Number(step) - 1];
    if (answer === undefined) return void res.writeHead(404).end();
    const call: Call = { key, epoch: model.epoch, wasStored: options.isStored(key), answered: false };
    model.calls.push(call);
    // Whoever asks for an answer that nobody wants any more must not keep a place at the gate.
    const gone = once(res, 'close');
    if (held === phase && attempt === '1') await Promise.race([waitAtGate(gone), gone]);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, options.delayMs)), gone]);
    if (res.destroyed) return;
    res.once('finish', () => (call.answered = true));
    stream(res, answer);
  }

  async function waitAtGate(gone: Promise<unknown>): Promise<void> {
    let open: () => void = () => undefined;
    const let_ = new Promise<void>((resolve) => (open = resolve));
    gate.push(open);
    void gone.then(() => (gate = gate.filter((one) => one !== open)));
    await let_;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return model;
}

/** The answer in pieces, as providers send it, with the usage at the end. */
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
