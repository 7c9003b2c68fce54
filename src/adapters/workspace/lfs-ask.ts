/**
 * Sends requests to a git LFS server: it tries again if the server is away for a moment, and refuses forbidden addresses.
 *
 * The server chooses the addresses of its objects and of its redirects: `mayBeAsked` checks each of them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isObject } from '../../domain/json';
import type { AllowedHost } from '../network/allow-list';
import { PrivateAddress } from '../network/connect';
import { isPrivateHost } from '../network/own-machine';
import { isNamedInFull } from '../network/public-fetch';
import { showPlace } from './explain-fetch';

export interface LfsServer {
  /** The address without `/objects/batch`. */
  endpoint: string;
  /** The header for the endpoint's own host; undefined if the worker has no credentials for it. */
  authorization: string | undefined;
  /** Servers that the worker's settings name: these may be in its private network. */
  namedServers: readonly AllowedHost[];
  /** Reaches public addresses and the servers of `namedServers`. */
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
}

const PAUSES_MS = [1_000, 3_000];
/** Limit of the bytes of an answer for each object: its address and its headers. */
export const MAX_ANSWER_BYTES_PER_OBJECT = 16 * 1024;
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 3;

/** The reason for which a server did not give an object. */
export class LfsRefusal extends Error {}

/** True for an address of the server itself, and for an https address of a public server or of one that the settings name. */
export function mayRequest(
  { endpoint, namedServers: named }: Pick<LfsServer, 'endpoint' | 'namedServers'>,
  to: URL,
): boolean {
  const endpointUrl = new URL(endpoint);
  if (to.host === endpointUrl.host) return to.protocol === endpointUrl.protocol;
  return to.protocol === 'https:' && (!isPrivateHost(to.hostname) || isNamedInFull(named, to));
}

/** Sends a request, a few times if the server is away for a moment. Throws LfsRefusal. */
export async function ask(server: LfsServer, url: string, init: RequestInit): Promise<Response> {
  const { signal } = server;
  for (let failedTries = 0; ; failedTries += 1) {
    const pause = PAUSES_MS[failedTries];
    const answer = await follow(server, url, init).catch((error: unknown) => error as Error);
    signal.throwIfAborted();
    if (!(answer instanceof Error)) {
      if (answer.ok) return answer;
      const body = await readText(answer, MAX_ANSWER_BYTES_PER_OBJECT).catch(() => '');
      const isTransient = answer.status === 429 || answer.status >= 500;
      if (!isTransient || pause === undefined)
        throw new LfsRefusal(`${placeOf(url)} answered ${wordsOf({ code: answer.status, ...objectOf(parse(body)) })}`);
    } else if (answer instanceof LfsRefusal) {
      throw answer;
    } else if (pause === undefined || answer.cause instanceof PrivateAddress) {
      throw new LfsRefusal(`${placeOf(url)} cannot be reached (${causeOf(answer)})`);
    }
    await delay(pause, undefined, { signal });
  }
}

/** Follows redirects, but not of a POST. Another origin does not get the headers, which hold credentials of the first. */
async function follow(server: LfsServer, url: string, init: RequestInit): Promise<Response> {
  const { fetch, signal } = server;
  let { headers = {} } = init;
  let currentUrl = url;
  for (let redirectCount = 0; ; redirectCount += 1) {
    const answer = await fetch(currentUrl, { ...init, headers, signal, redirect: 'manual' });
    const to = redirectOf(answer, currentUrl);
    if (to === undefined) return answer;
    await answer.body?.cancel();
    if (init.method === 'POST' || redirectCount === MAX_REDIRECTS || !mayRequest(server, to)) {
      const where = `${placeOf(currentUrl)} answered ${answer.status} with ${placeOf(to.href)}`;
      throw new LfsRefusal(`${where}, to which the worker does not follow it`);
    }
    if (to.origin !== new URL(currentUrl).origin) headers = {};
    currentUrl = to.href;
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

/** Quotes an address without its query, which may hold a signature. */
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
