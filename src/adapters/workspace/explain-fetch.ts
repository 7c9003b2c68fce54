/**
 * What git says of a repository that it cannot read, as a failure that names the reason and the way out.
 *
 * A server that is away for a moment is asked again a few times; then a person is, since a wrong address looks the same.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../domain/failures';
import { storageFailureOf } from '../../domain/storage-failure';
import { GitError } from './git';

const PAUSES_MS = [1_000, 3_000];

interface Reason {
  said: RegExp;
  why: string;
  wayOut: string;
  /** It may be over in a moment. */
  passes?: true;
  /** Also of a repository on this machine. */
  isLocal?: true;
}

const CREDENTIALS =
  'Check the address; for a private repository set GIT_CREDENTIALS_FILE (https) or GIT_SSH_KEY_FILE (ssh) for the worker';
const REASONS: Reason[] = [
  {
    said: /mismatched algorithms|object-?format.*sha256|unknown hash algorithm/i,
    why: 'its object format is sha256, and builds are kept in sha1',
    wayOut: 'Give a copy that `git fast-export --all | git fast-import` made in a repository of the format sha1',
    isLocal: true,
  },
  {
    said: /tunnel failed, response 403|HTTP code 403 from proxy|leads to this machine or a private network|is not allowed( for a release)? \((GIT|RELEASE)_HOSTS\)/i,
    why: 'it leads to this machine or a private network, or is not allowed by the settings of the worker',
    wayOut:
      'Name its server in full in GIT_HOSTS of the worker (RELEASE_HOSTS for a release), with the port where that is an unusual one',
  },
  {
    said: /tunnel failed, response 531|HTTP code 531 from proxy|the worker's own proxy/i,
    why: 'the proxy does not let it through, or is not there',
    wayOut: 'Check HTTPS_PROXY and NO_PROXY of the worker',
    passes: true,
  },
  {
    said: /certificate|self[- ]signed|local issuer/i,
    why: 'its certificate is not trusted',
    wayOut: 'Set SSL_CERT_FILE of the worker to a file with its certificate authority',
  },
  {
    said: /Host key verification failed|No \w+ host key is known/i,
    why: 'the host key of its server is not known',
    wayOut: 'Set GIT_SSH_KNOWN_HOSTS_FILE of the worker to a file with that key',
  },
  {
    said: /Authentication failed|could not read (Username|Password)|terminal prompts disabled|HTTP 40[13]|error: 40[13]|Permission denied/i,
    why: 'it wants credentials, or those that are set may not read it',
    wayOut: CREDENTIALS,
  },
  {
    said: /Repository not found|repository '.*' not found|HTTP 404|error: 404|does not appear to be a git repository/i,
    why: 'there is no such repository, or it may not be read without credentials',
    wayOut: CREDENTIALS,
  },
  {
    said: /Could not resolve host|tunnel failed, response 530|HTTP code 530 from proxy|ENOTFOUND|EAI_AGAIN/i,
    why: 'no server has the name in its address',
    wayOut: 'Check the address, and the network and HTTPS_PROXY of the worker; then request-retry',
    passes: true,
  },
  {
    said: /Connection (timed out|refused|reset|closed)|Failed to connect|Couldn't connect|Operation timed out|timed out after|HTTP 5\d\d|error: 5\d\d|early EOF|hung up|RPC failed|Empty reply|Operation too slow|Network is unreachable|No route to host|tunnel failed, response 502|HTTP code 502 from proxy|proxy: .* cannot be reached/i,
    why: 'its server does not answer',
    wayOut: 'Check the address, and the network and HTTPS_PROXY of the worker; then request-retry',
    passes: true,
  },
  {
    said: /promisor|lazy fetch/i,
    why: 'it is a partial clone, in which objects of the commit are missing',
    wayOut: 'Give the repository that it was cloned from, or run `git fetch --refetch --no-filter` in it',
    isLocal: true,
  },
];

/** Asks again where the reason may be over in a moment. Throws what the last try failed with, as a failure where git said why. */
export async function inAFewTries<T>(
  place: string,
  ask: () => Promise<T>,
  verb: 'read' | 'written to' = 'read',
): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      const pause = reasonOf(error, place)?.passes === true ? PAUSES_MS[tried] : undefined;
      if (pause === undefined) throw explained(error, place, { tries: tried + 1, verb });
      await delay(pause);
    }
  }
}

/** Errors that are not git's own words pass through. */
function explained(error: unknown, place: string, { tries, verb }: { tries: number; verb: string }): unknown {
  if (!(error instanceof GitError)) return error;
  const ours = storageFailureOf(error);
  if (ours !== undefined) return ours;
  const reason = reasonOf(error, place);
  const after = tries > 1 ? ` (tried ${tries} times)` : '';
  if (reason !== undefined)
    return unreadable(
      `${showPlace(place)} could not be ${verb}: ${reason.why}${after}${lastWords(error)}`,
      reason.wayOut,
    );
  if (/ran out of time/.test(error.message))
    return unreadable(`${showPlace(place)} could not be read in time`, 'Check its size and the network of the worker');
  // A refusal to take a branch: its words are the caller's to read.
  if (verb !== 'read') return error;
  // It was killed: by the system, or with the worker.
  if (error.exitCode === null) return error;
  return unreadable(
    `${showPlace(place)} could not be read as a git repository${lastWords(error)}`,
    'Check that it exists and may be read from here',
  );
}

function reasonOf(error: unknown, place: string): Reason | undefined {
  if (!(error instanceof GitError)) return undefined;
  return REASONS.find(({ said, isLocal = false }) => (isLocal || !place.startsWith('/')) && said.test(error.stderr));
}

/** git's own line, without a password in an address. */
function lastWords({ stderr }: GitError): string {
  const line = stderr.split('\n').find((one) => /^(fatal|error|ssh|proxy): /.test(one));
  if (line === undefined) return '';
  const clean = line.replaceAll(/(\w+:\/\/)[^/@\s]*@/g, '$1').replaceAll(/\p{Cc}/gu, ' ');
  return ` (git: ${clean.slice(0, 200)})`;
}

/** The place without a password that stands in it. */
export function showPlace(place: string): string {
  return JSON.stringify(place.replace(/^(\w+:\/\/)[^/@]*@/, '$1'));
}

export function unreadable(what: string, wayOut: string): Failure {
  return new Failure('Workspace.RepositoryUnreadable', `${what}. ${wayOut}.`);
}
