/**
 * Fetches the git LFS files of a repository that the request names by an address, together with the base, before a build
 * pays for model calls.
 *
 * If one file cannot be fetched, the preparation fails: the build would release the pointer in place of the picture.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../domain/failures';
import type { LfsPointer } from '../../inspect/lfs';
import { folderUse } from '../machine/usage';
import type { AllowedHost } from '../network/allow-list';
import { hostsWithCredentials } from '../network/git-proxy';
import { isPrivateHost } from '../network/own-machine';
import { createPublicFetch, isNamedInFull } from '../network/public-fetch';
import { accessEnv } from './access';
import type { GitAccess } from './access';
import type { FetchOptions } from './fetch';
import { LfsRefusal } from './lfs-ask';
import type { LfsServer } from './lfs-ask';
import { askForDownloads, download } from './lfs-server';
import type { ProjectGit } from './repository';
import { lfsObjectOf } from './source';

type Pointer = LfsPointer & { path: string };
interface LfsOrder {
  commit: string;
  /** The address of the repository. */
  place: string;
  /** The pointers whose content is not in the project's repository. */
  pointers: Pointer[];
}

const BATCH_SIZE = 100;

/** Throws Failure `Environment.RepositoryUnfit`, which names the object and what its server answered. */
export async function fetchLfsObjects(
  git: ProjectGit,
  { commit, place, pointers }: LfsOrder,
  options: FetchOptions,
): Promise<void> {
  const trackedPointers = await findTracked(git, commit, pointers);
  const wantedPointers = [...new Map(trackedPointers.map((pointer) => [pointer.oid, pointer])).values()];
  const [first] = wantedPointers;
  if (first === undefined) return;
  await refuseTooMuch(git, wantedPointers, options.maxBytes);
  const named = await serversNamedBy(options.access);
  const endpoint = await endpointOf(git, commit, { place, named });
  if (endpoint === undefined)
    throw missingContent(first, `no LFS server is known for ${place.replace(/^(\w+:\/\/)[^/@]*@/, '$1')}`);
  const signal = AbortSignal.timeout(options.fetchTimeoutMs);
  const authorization = await authorizationFor(git, endpoint, options);
  const publicFetch = options.publicFetch ?? createPublicFetch({ env: {}, privateHosts: [] });
  const server: LfsServer = { endpoint, authorization, namedServers: named, signal, fetch: publicFetch(named) };
  for (let start = 0; start < wantedPointers.length; start += BATCH_SIZE)
    await fetchBatch(git, server, wantedPointers.slice(start, start + BATCH_SIZE));
}

async function fetchBatch(git: ProjectGit, server: LfsServer, pointers: Pointer[]): Promise<void> {
  let current = pointers[0] as Pointer;
  try {
    const found = await askForDownloads(server, pointers);
    for (const pointer of pointers) {
      current = pointer;
      const source = found.get(pointer.oid);
      if (source === undefined || source instanceof LfsRefusal)
        throw source ?? new LfsRefusal('the answer of the server does not list it');
      await writeAtomically(lfsObjectOf(git.folder, pointer.oid), (file) =>
        download(server, source, { pointer, file }),
      );
    }
  } catch (error) {
    if (error instanceof LfsRefusal) throw missingContent(current, error.message);
    if (server.signal.aborted)
      throw missingContent(current, 'its server did not send it in time (setting GIT_FETCH_TIMEOUT_S)');
    throw error;
  }
}

/** Writes a temporary file and renames it, so that the target is complete or absent. */
async function writeAtomically(to: string, write: (file: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = `${to}.${randomBytes(6).toString('hex')}`;
  try {
    await write(temporary);
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Returns the pointers that git attributes assign to LFS. A text that only looks like a pointer, as in a test, is left out. */
async function findTracked(git: ProjectGit, commit: string, pointers: Pointer[]): Promise<Pointer[]> {
  if (pointers.length === 0) return [];
  const index = join(git.folder, `attributes.${randomBytes(6).toString('hex')}.index`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(['read-tree', commit], { env });
    const stdin = pointers.map(({ path }) => `${path}\0`).join('');
    const { stdout } = await git(['check-attr', '--cached', '--stdin', '-z', 'filter'], { env, stdin });
    const fields = stdout.toString('utf8').split('\0');
    const isTracked = (index: number) => fields[index * 3 + 2] === 'lfs';
    return pointers.filter((_, index) => isTracked(index));
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

async function refuseTooMuch(git: ProjectGit, wantedPointers: Pointer[], maxBytes: number): Promise<void> {
  const { bytes: used } = await folderUse(git.folder, { bytes: maxBytes, files: Infinity });
  const bytes = wantedPointers.reduce((sum, one) => sum + one.bytes, 0);
  if (used + bytes <= maxBytes) return;
  const what = `The ${wantedPointers.length} git LFS files of the repository have ${bytes} bytes, and the project may take ${maxBytes} on disk`;
  throw new Failure('Workspace.TooLarge', `${what}. Give a smaller repository, or a branch with fewer of them.`);
}

/** Finds the LFS server as git LFS does: `lfs.url` of the repository's `.lfsconfig`, else a path below the repository's address. */
async function endpointOf(
  git: ProjectGit,
  commit: string,
  { place, named }: { place: string; named: readonly AllowedHost[] },
): Promise<string | undefined> {
  const derived = endpointBelow(place);
  const args = ['config', `--blob=${commit}:.lfsconfig`, '--get', 'lfs.url'];
  const { stdout, exitCode } = await git(args, { allowExit: [1, 128] });
  const configured = exitCode === 0 ? stdout.toString('utf8').trim() : '';
  if (!/^https:/.test(configured) || !URL.canParse(configured)) return derived;
  // The repository chooses this address: it may not lead into the worker's own network.
  return isPrivateHost(new URL(configured).hostname) && !isNamedInFull(named, new URL(configured))
    ? derived
    : configured.replace(/\/+$/, '');
}

/** Lists the servers that may be in the worker's private network: only servers that the settings name. */
async function serversNamedBy({ credentialsFile, hosts = [] }: GitAccess): Promise<AllowedHost[]> {
  return [...hosts, ...(await hostsWithCredentials(credentialsFile))];
}

function endpointBelow(place: string): string | undefined {
  // `user@host:path` or `ssh://user@host:port/path`.
  const [, host, path] = /^(?:ssh:\/\/)?(?:[^@/]*@)([^:/]+)(?::\d+)?[:/](.+)$/.exec(place) ?? [];
  const isSsh = host !== undefined && !/^https?:/.test(place);
  const url = isSsh ? `https://${host}/${path}` : place;
  if (!/^https?:/.test(url) || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const repository = parsed.pathname.replace(/\/+$/, '');
  return `${parsed.origin}${repository.endsWith('.git') ? repository : `${repository}.git`}/info/lfs`;
}

/** Returns the authorization that git itself would send to that host; undefined if the settings have no login for it. */
async function authorizationFor(
  git: ProjectGit,
  endpoint: string,
  { access }: FetchOptions,
): Promise<string | undefined> {
  const { protocol, host } = new URL(endpoint);
  const stdin = `protocol=${protocol.slice(0, -1)}\nhost=${host}\n\n`;
  const call = { stdin, env: await accessEnv(access, 'https:ssh'), allowExit: [128] };
  const { stdout, exitCode } = await git(['credential', 'fill'], call);
  if (exitCode !== 0) return undefined;
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout.toString('utf8'))?.[1];
  const [user, password] = [value('username'), value('password')];
  if (user === undefined || password === undefined) return undefined;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function missingContent({ path, oid, bytes }: Pointer, why: string): Failure {
  const what = `The content of the git LFS file ${JSON.stringify(path)} (sha256 ${oid.slice(0, 12)}, ${bytes} bytes) cannot be had`;
  const wayOut =
    'Push it there (`git lfs push --all origin`) and let the worker read it (GIT_CREDENTIALS_FILE; GIT_HOSTS for a server of a private network; HTTPS_PROXY, NODE_EXTRA_CA_CERTS where they are needed), or give the path of a clone in which `git lfs pull` has run; then request-retry';
  return new Failure('Environment.RepositoryUnfit', `${what}: ${why}. ${wayOut}.`);
}
