/**
 * How a server of git LFS is asked: again where it is away for a moment, and at no address that it may not name.
 *
 * The server chooses the addresses of its objects, and those that it redirects to: each is held against the same rule.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isObject } from '../../domain/json';
import type { AllowedHost } from '../network/allow-list';
import { PrivateAddress } from '../network/connect';
import { isPrivateHost } from '../network/own-machine';
import { isNamed } from '../network/public-fetch';
import { showPlace } from './explain-fetch';

export interface LfsServer {
  /** Without `/objects/batch`. */
  endpoint: string;
  /** Of the endpoint's own host; undefined where no credentials are set for it. */
  authorization: string | undefined;
  /** Servers that may be of the network of the worker. */
  named: readonly AllowedHost[];
  /** Reaches public addresses, and the servers that are named. */
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
}

const PAUSES_MS = [1_000, 3_000];
/** For each object: its address, and what the server says of it. */
export const ANSWER_BYTES_EACH = 16 * 1024;
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 3;

/** What a server said in the place of an object. */
export class LfsRefusal extends Error {}

/** It may name itself, and else only a public server, or one that the settings name, by https. */
export function mayBeAsked({ endpoint, named }: Pick<LfsServer, 'endpoint' | 'named'>, to: URL): boolean {
  const own = new URL(endpoint);
  if (to.host === own.host) return to.protocol === own.protocol;
  return to.protocol === 'https:' && (!isPrivateHost(to.hostname) || isNamed(named, to));
}

/** A server that is away for a moment is asked again a few times. Throws LfsRefusal. */
export async function ask(server: LfsServer, url: string, init: RequestInit): Promise<Response> {
  const { signal } = server;
  for (let tried = 0; ; tried += 1) {
    const pause = PAUSES_MS[tried];
    const answer = await follow(server, url, init).catch((error: unknown) => error as Error);
    signal.throwIfAborted();
    if (!(answer instanceof Error)) {
      if (answer.ok) return answer;
      const said = await readText(answer, ANSWER_BYTES_EACH).catch(() => '');
      const isPassing = answer.status === 429 || answer.status >= 500;
      if (!isPassing || pause === undefined)
        throw new LfsRefusal(`${placeOf(url)} answered ${wordsOf({ code: answer.status, ...objectOf(parse(said)) })}`);
    } else if (answer instanceof LfsRefusal) {
      throw answer;
    } else if (pause === undefined || answer.cause instanceof PrivateAddress) {
      throw new LfsRefusal(`${placeOf(url)} cannot be reached (${causeOf(answer)})`);
    }
    await delay(pause, undefined, { signal });
  }
}

/** A POST is not sent to another address. Headers of the first address, with its credentials, are not sent to another origin. */
async function follow(server: LfsServer, url: string, init: RequestInit): Promise<Response> {
  const { fetch, signal } = server;
  let { headers = {} } = init;
  let at = url;
  for (let followed = 0; ; followed += 1) {
    const answer = await fetch(at, { ...init, headers, signal, redirect: 'manual' });
    const to = redirectOf(answer, at);
    if (to === undefined) return answer;
    await answer.body?.cancel();
    if (init.method === 'POST' || followed === MAX_REDIRECTS || !mayBeAsked(server, to)) {
      const where = `${placeOf(at)} answered ${answer.status} with ${placeOf(to.href)}`;
      throw new LfsRefusal(`${where}, to which the worker does not follow it`);
    }
    if (to.origin !== new URL(at).origin) headers = {};
    at = to.href;
  }
}

function redirectOf({ status, headers }: Response, from: string): URL | undefined {
  const to = headers.get('location');
  return REDIRECTS.includes(status) && to !== null && URL.canParse(to, from) ? new URL(to, from) : undefined;
}

export async function readText(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) throw new LfsRefusal(`${placeOf(response.url)} answered more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Without its query: that may hold a signature. */
export function placeOf(url: string): string {
  return showPlace(url.replace(/[?#][^]*$/, ''));
}

export function wordsOf({ code, message }: Record<string, unknown>): string {
  const words = typeof message === 'string' ? ` (${message.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200)})` : '';
  return `${typeof code === 'number' ? code : 'an error'}${words}`;
}

function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? cause.message : message;
}

export function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
