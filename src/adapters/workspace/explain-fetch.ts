/**
 * Turns git's error for a repository that it cannot read into a failure that names the reason and the way out.
 *
 * A request is tried again a few times if the server may be away for a moment. Then the failure asks a person, since a
 * wrong address looks the same.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../domain/failures';
import { storageFailureOf } from '../../domain/storage-failure';
import { GitError } from './git';

const PAUSES_MS = [1_000, 3_000];

interface Reason {
  /** Matches git's error output. */
  pattern: RegExp;
  why: string;
  wayOut: string;
  /** The reason may be gone in a moment: the request is tried again. */
  isTransient?: true;
  /** The reason can also occur with a repository on this machine. */
  isLocal?: true;
}

const CREDENTIALS =
  'Check the address; for a private repository set GIT_CREDENTIALS_FILE (https) or GIT_SSH_KEY_FILE (ssh) for the worker';
const REASONS: Reason[] = [
  {
    pattern: /mismatched algorithms|object-?format.*sha256|unknown hash algorithm/i,
    why: 'its object format is sha256, and builds are kept in sha1',
    wayOut: 'Give a copy that `git fast-export --all | git fast-import` made in a repository of the format sha1',
    isLocal: true,
  },
  {
    pattern:
      /tunnel failed, response 403|HTTP code 403 from proxy|leads to this machine or a private network|is not allowed( for a release)? \((GIT|RELEASE)_HOSTS\)/i,
    why: 'it leads to this machine or a private network, or is not allowed by the settings of the worker',
    wayOut:
      'Name its server in full in GIT_HOSTS of the worker (RELEASE_HOSTS for a release), with the port where that is an unusual one',
  },
  {
    pattern: /tunnel failed, response 531|HTTP code 531 from proxy|the worker's own proxy/i,
    why: 'the proxy does not let it through, or is not there',
    wayOut: 'Check HTTPS_PROXY and NO_PROXY of the worker',
    isTransient: true,
  },
  {
    pattern: /certificate|self[- ]signed|local issuer/i,
    why: 'its certificate is not trusted',
    wayOut: 'Set SSL_CERT_FILE of the worker to a file with its certificate authority',
  },
  {
    pattern: /Host key verification failed|No \w+ host key is known/i,
    why: 'the host key of its server is not known',
    wayOut: 'Set GIT_SSH_KNOWN_HOSTS_FILE of the worker to a file with that key',
  },
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|terminal prompts disabled|HTTP 40[13]|error: 40[13]|Permission denied/i,
    why: 'it wants credentials, or those that are set may not read it',
    wayOut: CREDENTIALS,
  },
  {
    pattern:
      /Repository not found|repository '.*' not found|HTTP 404|error: 404|does not appear to be a git repository/i,
    why: 'there is no such repository, or it may not be read without credentials',
    wayOut: CREDENTIALS,
  },
  {
    pattern: /Could not resolve host|tunnel failed, response 530|HTTP code 530 from proxy|ENOTFOUND|EAI_AGAIN/i,
    why: 'no server has the name in its address',
    wayOut: 'Check the address, and the network and HTTPS_PROXY of the worker; then request-retry',
    isTransient: true,
  },
  {
    pattern:
      /Connection (timed out|refused|reset|closed)|Failed to connect|Couldn't connect|Operation timed out|timed out after|HTTP 5\d\d|error: 5\d\d|early EOF|hung up|RPC failed|Empty reply|Operation too slow|Network is unreachable|No route to host|tunnel failed, response 502|HTTP code 502 from proxy|proxy: .* cannot be reached/i,
    why: 'its server does not answer',
    wayOut: 'Check the address, and the network and HTTPS_PROXY of the worker; then request-retry',
    isTransient: true,
  },
  {
    pattern: /promisor|lazy fetch/i,
    why: 'it is a partial clone, in which objects of the commit are missing',
    wayOut: 'Give the repository that it was cloned from, or run `git fetch --refetch --no-filter` in it',
    isLocal: true,
  },
];

/** Tries again if the reason may be gone in a moment. Throws the last error, as a Failure if git's output names a reason. */
export async function withRetries<T>(
  place: string,
  ask: () => Promise<T>,
  verb: 'read' | 'written to' = 'read',
): Promise<T> {
  for (let failedTries = 0; ; failedTries += 1) {
    try {
      return await ask();
    } catch (error) {
      const pause = reasonOf(error, place)?.isTransient === true ? PAUSES_MS[failedTries] : undefined;
      if (pause === undefined) throw explain(error, place, { tries: failedTries + 1, verb });
      await delay(pause);
    }
  }
}

/** Turns git's error into a Failure. Other errors are returned as they are. */
function explain(error: unknown, place: string, { tries, verb }: { tries: number; verb: string }): unknown {
  if (!(error instanceof GitError)) return error;
  const storageFailure = storageFailureOf(error);
  if (storageFailure !== undefined) return storageFailure;
  const reason = reasonOf(error, place);
  const triesNote = tries > 1 ? ` (tried ${tries} times)` : '';
  if (reason !== undefined)
    return unreadable(
      `${showPlace(place)} could not be ${verb}: ${reason.why}${triesNote}${lastWords(error)}`,
      reason.wayOut,
    );
  if (/ran out of time/.test(error.message))
    return unreadable(`${showPlace(place)} could not be read in time`, 'Check its size and the network of the worker');
  // The server refused the branch: the caller reads git's own words.
  if (verb !== 'read') return error;
  // git was killed, by the system or together with the worker.
  if (error.exitCode === null) return error;
  return unreadable(
    `${showPlace(place)} could not be read as a git repository${lastWords(error)}`,
    'Check that it exists and may be read from here',
  );
}

function reasonOf(error: unknown, place: string): Reason | undefined {
  if (!(error instanceof GitError)) return undefined;
  return REASONS.find(
    ({ pattern, isLocal = false }) => (isLocal || !place.startsWith('/')) && pattern.test(error.stderr),
  );
}

/** Returns git's last error line, without passwords in addresses. */
function lastWords({ stderr }: GitError): string {
  const line = stderr.split('\n').find((text) => /^(fatal|error|ssh|proxy): /.test(text));
  if (line === undefined) return '';
  const clean = line.replaceAll(/(\w+:\/\/)[^/@\s]*@/g, '$1').replaceAll(/\p{Cc}/gu, ' ');
  return ` (git: ${clean.slice(0, 200)})`;
}

/** Quotes the path or address of a repository, without a password in it. */
export function showPlace(place: string): string {
  return JSON.stringify(place.replace(/^(\w+:\/\/)[^/@]*@/, '$1'));
}

export function unreadable(problem: string, wayOut: string): Failure {
  return new Failure('Workspace.RepositoryUnreadable', `${problem}. ${wayOut}.`);
}
