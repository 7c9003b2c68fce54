/**
 * Downloads objects by the batch API of git LFS: it asks for their addresses, limits their size and checks their digest.
 *
 * https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isObject } from '../../domain/json';
import type { LfsPointer } from '../../inspect/lfs';
import { showPlace } from './explain-fetch';
import {
  MAX_ANSWER_BYTES_PER_OBJECT,
  ask,
  LfsRefusal,
  mayRequest,
  objectOf,
  parse,
  placeOf,
  readText,
  wordsOf,
} from './lfs-ask';
import type { LfsServer } from './lfs-ask';

interface Download {
  href: string;
  header: Record<string, string>;
}

const MEDIA_TYPE = 'application/vnd.git-lfs+json';
/** Headers of the connection: `fetch` sets them itself and refuses them from a caller. */
const CONNECTION_HEADERS = new Set([
  ...['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect'],
  ...['proxy-connection', 'proxy-authorization'],
]);

/** Returns by oid the address of each object, or the reason why there is none. Throws LfsRefusal if the request itself fails. */
export async function askForDownloads(
  server: LfsServer,
  pointers: readonly LfsPointer[],
): Promise<Map<string, Download | LfsRefusal>> {
  const objects = pointers.map(({ oid, bytes }) => ({ oid, size: bytes }));
  const body = JSON.stringify({ operation: 'download', transfers: ['basic'], objects, hash_algo: 'sha256' });
  const url = `${server.endpoint}/objects/batch`;
  const headers = { accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE, ...authorizationOf(server) };
  const response = await ask(server, url, { method: 'POST', headers, body });
  const answer = parse(await readText(response, MAX_ANSWER_BYTES_PER_OBJECT * (pointers.length + 1)));
  if (!isObject(answer) || !Array.isArray(answer.objects))
    throw new LfsRefusal(`${showPlace(url)} answered what is no batch answer of git LFS`);
  const entries = answer.objects.filter(isObject);
  return new Map(
    pointers.map(({ oid }) => [oid, readObject(server, { url, entry: entries.find((entry) => entry.oid === oid) })]),
  );
}

/** Downloads an object into a new file. Throws LfsRefusal if its size or digest differs from the pointer's. */
export async function download(
  server: LfsServer,
  { href, header }: Download,
  { pointer, file }: { pointer: LfsPointer; file: string },
): Promise<void> {
  const ownAuthorization = new URL(href).host === new URL(server.endpoint).host ? authorizationOf(server) : {};
  const response = await ask(server, href, { headers: { ...ownAuthorization, ...header } });
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

function readObject(server: LfsServer, { url, entry }: { url: string; entry: Record<string, unknown> | undefined }) {
  const { actions, error } = entry ?? {};
  if (isObject(error)) return new LfsRefusal(`${showPlace(url)} answered ${wordsOf(error)}`);
  const download = isObject(actions) && isObject(actions.download) ? actions.download : {};
  const { href, header } = download;
  if (typeof href !== 'string' || !URL.canParse(href))
    return new LfsRefusal(`${showPlace(url)} names no address for it`);
  if (!mayRequest(server, new URL(href)))
    return new LfsRefusal(`${showPlace(url)} names ${placeOf(href)}, which is not read from here`);
  return { href, header: readHeader(objectOf(header)) };
}

/**
 * Puts header names in lower case, so that an authorization from the server replaces that of the settings and is not joined
 * with it. GitLab and Gitea send one for their own host.
 */
function readHeader(fields: Record<string, unknown>): Record<string, string> {
  const header: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && !CONNECTION_HEADERS.has(name.toLowerCase()) && isSendable(name, value))
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

function authorizationOf({ authorization }: LfsServer): Record<string, string> {
  return authorization === undefined ? {} : { authorization };
}
