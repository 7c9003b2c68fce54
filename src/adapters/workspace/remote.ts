/**
 * Reads refs of another repository, and moves them by a push that names the value that it expects.
 */
import type { Protocols } from './access';
import { GitError } from './git';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

export interface Remote {
  place: string;
  protocols: Protocols;
  /** The environment of a git process that reaches it. */
  env: Record<string, string>;
  /** The owner of a repository on this machine, if this process runs as root: new files must belong to that user, too. */
  ownerId?: { uid: number; gid: number } | undefined;
}

const PUSH_TIMEOUT_MS = 300_000;
/** These turn off settings of the other repository that would run its programs, or garbage collection during the push. */
const SAFE_PUSH_SETTINGS = [
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.alternateRefsCommand=true'],
  ...['gc.auto=0', 'receive.autogc=false', 'maintenance.auto=false'],
];

/** Returns the commit of a ref, or `null` if the remote has no such ref; for an annotated tag, the id of the tag object. */
export async function readRemote(git: ProjectGit, remote: Remote, ref: string): Promise<string | null> {
  const { stdout } = await git(
    ['ls-remote', '--quiet', '--refs', '--end-of-options', remote.place, ref],
    remoteCall(remote),
  );
  const line = stdout
    .toString('utf8')
    .split('\n')
    .find((text) => text.endsWith(`\t${ref}`));
  return line === undefined ? null : checkCommit(line.slice(0, 40));
}

/** Moves the remote's ref from `expected` to `to`; null means "absent". Throws if the ref has another value. */
export async function pushRef(
  git: ProjectGit,
  remote: Remote,
  move: { ref: string; to: string | null; expected: string | null },
): Promise<void> {
  const { ref, to, expected } = move;
  if (to === expected) return;
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  // Hooks of a local repository would run as the worker's user, so they are off; a server's hooks run on the server.
  const settings = SAFE_PUSH_SETTINGS.map((setting) => `-c ${setting}`).join(' ');
  const userPrefix = remote.ownerId === undefined ? '' : asUser(remote.ownerId);
  const receiveFlags = remote.protocols === 'file' ? [`--receive-pack=${userPrefix}git ${settings} receive-pack`] : [];
  const args = ['--quiet', '--no-verify', '--no-signed', '--recurse-submodules=no', lease, ...receiveFlags];
  await git(['push', ...args, '--end-of-options', remote.place, `${to ?? ''}:${ref}`], remoteCall(remote));
}

export function isRejected(error: unknown): boolean {
  return error instanceof GitError && /\[rejected\]|\[remote rejected\]|stale info/.test(error.stderr);
}

export function remoteCall(remote: Remote) {
  return { timeoutMs: PUSH_TIMEOUT_MS, env: remote.env };
}

function asUser({ uid, gid }: { uid: number; gid: number }): string {
  return `env GIT_CONFIG_GLOBAL=/dev/null setpriv --reuid=${uid} --regid=${gid} --clear-groups -- `;
}
