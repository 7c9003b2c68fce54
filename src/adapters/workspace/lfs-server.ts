/**
 * The batch API of git LFS: which address an object has, and the object itself, bounded and checked.
 *
 * https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject } from '../../domain/json';
import type { LfsPointer } from '../../inspect/lfs';
import { isInsideHost } from '../../inspect/inside-address';
import { showPlace } from './explain-fetch';

export interface LfsServer {
  /** Without `/objects/batch`. */
  endpoint: string;
  /** Of the endpoint's own host; undefined where no credentials are set for it. */
  authorization: string | undefined;
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
}
interface Download {
  href: string;
  header: Record<string, string>;
}

const MEDIA = 'application/vnd.git-lfs+json';
const PAUSES_MS = [1_000, 3_000];
/** For each object: its address, and what the server says of it. */
const ANSWER_BYTES_EACH = 16 * 1024;
/** Headers that belong to the connection, which `fetch` makes itself and refuses of others. */
const OF_THE_CONNECTION = new Set([
  ...['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect'],
  ...['proxy-connection', 'proxy-authorization'],
]);

/** What a server said in the place of an object. */
export class LfsRefusal extends Error {}

/** By oid: where the object is, or why it cannot be had. Throws LfsRefusal where there is no such answer. */
export async function askForDownloads(
  server: LfsServer,
  pointers: readonly LfsPointer[],
): Promise<Map<string, Download | LfsRefusal>> {
  const objects = pointers.map(({ oid, bytes }) => ({ oid, size: bytes }));
  const body = JSON.stringify({ operation: 'download', transfers: ['basic'], objects, hash_algo: 'sha256' });
  const url = `${server.endpoint}/objects/batch`;
  const headers = { accept: MEDIA, 'content-type': MEDIA, ...authorizationOf(server) };
  const response = await ask(server, url, { method: 'POST', headers, body });
  const answer = parse(await readText(response, ANSWER_BYTES_EACH * (pointers.length + 1)));
  if (!isObject(answer) || !Array.isArray(answer.objects))
    throw new LfsRefusal(`${showPlace(url)} answered what is no batch answer of git LFS`);
  const listed = answer.objects.filter(isObject);
  return new Map(
    pointers.map(({ oid }) => [oid, readObject(server, { url, one: listed.find((one) => one.oid === oid) })]),
  );
}

/** Into a new file. Throws LfsRefusal where the content has another size or digest than the pointer says. */
export async function download(
  server: LfsServer,
  { href, header }: Download,
  { pointer, file }: { pointer: LfsPointer; file: string },
): Promise<void> {
  const own = new URL(href).host === new URL(server.endpoint).host ? authorizationOf(server) : {};
  const response = await ask(server, href, { headers: { ...own, ...header } });
  const hash = createHash('sha256');
  let bytes = 0;
  const content = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as never);
  await pipeline(
    content,
    async function* (parts: AsyncIterable<Uint8Array>) {
      for await (const part of parts) {
        bytes += part.length;
        if (bytes > pointer.bytes) throw new LfsRefusal(`${placeOf(href)} sent more bytes than its pointer says`);
        hash.update(part);
        yield part;
      }
    },
    createWriteStream(file, { flags: 'wx' }),
    { signal: server.signal },
  );
  if (bytes !== pointer.bytes || hash.digest('hex') !== pointer.oid)
    throw new LfsRefusal(`${placeOf(href)} sent ${bytes} bytes that are not the content that the pointer names`);
}

function readObject(server: LfsServer, { url, one }: { url: string; one: Record<string, unknown> | undefined }) {
  const { actions, error } = one ?? {};
  if (isObject(error)) return new LfsRefusal(`${showPlace(url)} answered ${wordsOf(error)}`);
  const given = isObject(actions) && isObject(actions.download) ? actions.download : {};
  const { href, header } = given;
  if (typeof href !== 'string' || !URL.canParse(href))
    return new LfsRefusal(`${showPlace(url)} names no address for it`);
  const [to, from] = [new URL(href), new URL(server.endpoint)];
  // The server chooses the address: it may name itself, and else only a public one.
  const isAllowed = to.host === from.host ? to.protocol === from.protocol : to.protocol === 'https:';
  if (!isAllowed || (to.host !== from.host && isInsideHost(to.hostname)))
    return new LfsRefusal(`${showPlace(url)} names ${placeOf(href)}, which is not read from here`);
  return { href, header: readHeader(objectOf(header)) };
}

/**
 * In lower case, so that an authorization that the server names replaces that of the settings and is not joined with it. GitLab and Gitea
 * name one for their own host.
 */
function readHeader(given: Record<string, unknown>): Record<string, string> {
  const header: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string' && !OF_THE_CONNECTION.has(name.toLowerCase()) && isSendable(name, value))
      header[name.toLowerCase()] = value;
  }
  return header;
}

function isSendable(name: string, value: string): boolean {
  try {
    return new Headers([[name, value]]).has(name);
  } catch {
    return false;
  }
}

/** A server that is away for a moment is asked again a few times. */
async function ask({ fetch, signal }: LfsServer, url: string, init: RequestInit): Promise<Response> {
  for (let tried = 0; ; tried += 1) {
    const pause = PAUSES_MS[tried];
    const answer = await fetch(url, { ...init, signal }).catch((error: unknown) => error as Error);
    signal.throwIfAborted();
    if (!(answer instanceof Error)) {
      if (answer.ok) return answer;
      const said = await readText(answer, ANSWER_BYTES_EACH).catch(() => '');
      const isPassing = answer.status === 429 || answer.status >= 500;
      if (!isPassing || pause === undefined)
        throw new LfsRefusal(`${placeOf(url)} answered ${wordsOf({ code: answer.status, ...objectOf(parse(said)) })}`);
    } else if (pause === undefined) {
      throw new LfsRefusal(`${placeOf(url)} cannot be reached (${causeOf(answer)})`);
    }
    await delay(pause, undefined, { signal });
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
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
function placeOf(url: string): string {
  return showPlace(url.replace(/[?#][^]*$/, ''));
}

function wordsOf({ code, message }: Record<string, unknown>): string {
  const words = typeof message === 'string' ? ` (${message.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200)})` : '';
  return `${typeof code === 'number' ? code : 'an error'}${words}`;
}

function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? cause.message : message;
}

function authorizationOf({ authorization }: LfsServer): Record<string, string> {
  return authorization === undefined ? {} : { authorization };
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
