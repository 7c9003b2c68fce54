/**
 * Contents of git LFS files of a repository that is named by an address: fetched when the base is, before anything is paid.
 *
 * One that cannot be had ends the preparation: a build on a pointer in the place of a picture would release the pointer.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../domain/failures';
import type { LfsPointer } from '../../inspect/lfs';
import { folderUse } from '../machine/usage';
import type { AllowedHost } from '../network/allow-list';
import { hostsWithLogin } from '../network/git-gate';
import { isPrivateHost } from '../network/own-machine';
import { createPublicFetch, isNamed } from '../network/public-fetch';
import { accessEnv } from './access';
import type { GitAccess } from './access';
import type { FetchOptions } from './fetch';
import { LfsRefusal } from './lfs-ask';
import type { LfsServer } from './lfs-ask';
import { askForDownloads, download } from './lfs-server';
import type { ProjectGit } from './repository';
import { lfsObjectOf } from './source';

type Pointer = LfsPointer & { path: string };
interface Wanted {
  commit: string;
  /** The address of the repository. */
  place: string;
  /** Those whose content is not here. */
  pointers: Pointer[];
}

const ASKED_AT_ONCE = 100;

/** Throws Failure `Environment.RepositoryUnfit`, which names the object and what its server answered. */
export async function fetchLfsObjects(
  git: ProjectGit,
  { commit, place, pointers }: Wanted,
  options: FetchOptions,
): Promise<void> {
  const tracked = await trackedBy(git, commit, pointers);
  const wanted = [...new Map(tracked.map((pointer) => [pointer.oid, pointer])).values()];
  const [first] = wanted;
  if (first === undefined) return;
  await refuseTooMuch(git, wanted, options.maxBytes);
  const named = await serversNamedBy(options.access);
  const endpoint = await endpointOf(git, commit, { place, named });
  if (endpoint === undefined)
    throw missing(first, `no LFS server is known for ${place.replace(/^(\w+:\/\/)[^/@]*@/, '$1')}`);
  const signal = AbortSignal.timeout(options.fetchTimeoutMs);
  const authorization = await authorizationFor(git, endpoint, options);
  const publicFetch = options.publicFetch ?? createPublicFetch({ env: {}, named: [] });
  const server: LfsServer = { endpoint, authorization, named, signal, fetch: publicFetch(named) };
  for (let at = 0; at < wanted.length; at += ASKED_AT_ONCE)
    await fetchSome(git, server, wanted.slice(at, at + ASKED_AT_ONCE));
}

async function fetchSome(git: ProjectGit, server: LfsServer, pointers: Pointer[]): Promise<void> {
  let current = pointers[0] as Pointer;
  try {
    const found = await askForDownloads(server, pointers);
    for (const pointer of pointers) {
      current = pointer;
      const there = found.get(pointer.oid);
      if (there === undefined || there instanceof LfsRefusal)
        throw there ?? new LfsRefusal('the server says nothing of it');
      await keep(lfsObjectOf(git.folder, pointer.oid), (file) => download(server, there, { pointer, file }));
    }
  } catch (error) {
    if (error instanceof LfsRefusal) throw missing(current, error.message);
    if (server.signal.aborted)
      throw missing(current, 'its server did not send it in time (setting GIT_FETCH_TIMEOUT_S)');
    throw error;
  }
}

/** Whole or not at all. */
async function keep(to: string, write: (file: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const aside = `${to}.${randomBytes(6).toString('hex')}`;
  try {
    await write(aside);
    await rename(aside, to);
  } finally {
    await rm(aside, { force: true });
  }
}

/** A text that only looks like a pointer, such as an example in a test, is not fetched: the attributes say what LFS keeps. */
async function trackedBy(git: ProjectGit, commit: string, pointers: Pointer[]): Promise<Pointer[]> {
  if (pointers.length === 0) return [];
  const index = join(git.folder, `attributes.${randomBytes(6).toString('hex')}.index`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(['read-tree', commit], { env });
    const stdin = pointers.map(({ path }) => `${path}\0`).join('');
    const { stdout } = await git(['check-attr', '--cached', '--stdin', '-z', 'filter'], { env, stdin });
    const fields = stdout.toString('utf8').split('\0');
    const isKept = (at: number) => fields[at * 3 + 2] === 'lfs';
    return pointers.filter((_, at) => isKept(at));
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

async function refuseTooMuch(git: ProjectGit, wanted: Pointer[], maxBytes: number): Promise<void> {
  const { bytes: used } = await folderUse(git.folder, { bytes: maxBytes, files: Infinity });
  const bytes = wanted.reduce((sum, one) => sum + one.bytes, 0);
  if (used + bytes <= maxBytes) return;
  const what = `The ${wanted.length} git LFS files of the repository have ${bytes} bytes, and the project may take ${maxBytes} on disk`;
  throw new Failure('Workspace.TooLarge', `${what}. Give a smaller repository, or a branch with fewer of them.`);
}

/** As git LFS derives it: `lfs.url` of the repository's own `.lfsconfig`, else beside the address. */
async function endpointOf(
  git: ProjectGit,
  commit: string,
  { place, named }: { place: string; named: readonly AllowedHost[] },
): Promise<string | undefined> {
  const beside = besideOf(place);
  const args = ['config', `--blob=${commit}:.lfsconfig`, '--get', 'lfs.url'];
  const { stdout, exitCode } = await git(args, { allowExit: [1, 128] });
  const said = exitCode === 0 ? stdout.toString('utf8').trim() : '';
  if (!/^https:/.test(said) || !URL.canParse(said)) return beside;
  // The repository chooses this address: it may not lead into the worker's own network.
  return isPrivateHost(new URL(said).hostname) && !isNamed(named, new URL(said)) ? beside : said.replace(/\/+$/, '');
}

/** Those that may be of the worker's own network. The repository's own server is one of them only where the settings say so. */
async function serversNamedBy({ credentialsFile, hosts = [] }: GitAccess): Promise<AllowedHost[]> {
  return [...hosts, ...(await hostsWithLogin(credentialsFile))];
}

function besideOf(place: string): string | undefined {
  const [, host, path] = /^(?:ssh:\/\/)?(?:[^@/]*@)([^:/]+)(?::\d+)?[:/](.+)$/.exec(place) ?? [];
  const url = /^https?:/.test(place) ? place : host === undefined ? place : `https://${host}/${path}`;
  if (!/^https?:/.test(url) || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const repository = parsed.pathname.replace(/\/+$/, '');
  return `${parsed.origin}${repository.endsWith('.git') ? repository : `${repository}.git`}/info/lfs`;
}

/** What git itself would send to that host; undefined where the settings give nothing for it. */
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

function missing({ path, oid, bytes }: Pointer, why: string): Failure {
  const what = `The content of the git LFS file ${JSON.stringify(path)} (sha256 ${oid.slice(0, 12)}, ${bytes} bytes) cannot be had`;
  const wayOut =
    'Push it there (`git lfs push --all origin`) and let the worker read it (GIT_CREDENTIALS_FILE; GIT_HOSTS for a server of a private network; HTTPS_PROXY, NODE_EXTRA_CA_CERTS where they are needed), or give the path of a clone in which `git lfs pull` has run; then request-retry';
  return new Failure('Environment.RepositoryUnfit', `${what}: ${why}. ${wayOut}.`);
}
