/**
 * Refs of another repository: read, and moved by a push that says what it expects to find.
 */
import type { Protocols } from './access';
import { GitError } from './git';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

export interface Remote {
  place: string;
  protocols: Protocols;
  /** The environment of a git that reaches it. */
  env: Record<string, string>;
  /** The user that a repository on this machine belongs to, where this process is root: new files are that user's, too. */
  ownerId?: { uid: number; gid: number } | undefined;
}

const PUSH_TIMEOUT_MS = 300_000;
/** Settings of the other repository that would run a program of it, or work that is not asked for. */
const QUIET = [
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.alternateRefsCommand=true'],
  ...['gc.auto=0', 'receive.autogc=false', 'maintenance.auto=false'],
];

/** `null` where the remote has no such ref; an annotated tag's ref gives the tag object. */
export async function readRemote(git: ProjectGit, remote: Remote, ref: string): Promise<string | null> {
  const { stdout } = await git(
    ['ls-remote', '--quiet', '--refs', '--end-of-options', remote.place, ref],
    remoteCall(remote),
  );
  const line = stdout
    .toString('utf8')
    .split('\n')
    .find((one) => one.endsWith(`\t${ref}`));
  return line === undefined ? null : checkCommit(line.slice(0, 40));
}

/** Moves the remote's ref from `expected` to `to`, null being "absent"; throws where it is not what was expected. */
export async function pushRef(
  git: ProjectGit,
  remote: Remote,
  move: { ref: string; to: string | null; expected: string | null },
): Promise<void> {
  const { ref, to, expected } = move;
  if (to === expected) return;
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  // The remote's own hooks do not run in this process's name; those of a server run there.
  const quiet = QUIET.map((setting) => `-c ${setting}`).join(' ');
  const as = remote.ownerId === undefined ? '' : asUser(remote.ownerId);
  const receive = remote.protocols === 'file' ? [`--receive-pack=${as}git ${quiet} receive-pack`] : [];
  const args = ['--quiet', '--no-verify', '--no-signed', '--recurse-submodules=no', lease, ...receive];
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
