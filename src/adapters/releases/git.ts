/**
 * Releases to a git remote: it pushes a tag and the build's branch, then moves the production branch by compare-and-swap.
 *
 * The commit of that branch is the live one; it is read from the remote each time. A rollback moves the branch back.
 */
import { releaseKeyOf } from '../../domain/ids';
import type { DocumentStore } from '../../ports/documents';
import type { ReleaseSettings, ReleaseTarget } from '../../ports/release-target';
import { Failure } from '../../domain/failures';
import type { GitAccess } from '../workspace/access';
import { NO_COMMIT, createRepositories, moveRef, readRef } from '../workspace/repository';
import type { ProjectGit } from '../workspace/repository';
import { checkBranch, checkRemote, keepCommit } from './git-remote';
import { isRejected, pushRef, readRemote } from '../workspace/remote';
import type { Remote } from '../workspace/remote';
import type { Position } from '../../ports/release-documents';
import type { Checkpoint, Move, StagedRelease, Production } from './production';
import { createReleaseTarget } from './release-target';

export interface GitReleaseOptions {
  root: string;
  documents: DocumentStore;
  settings: ReleaseSettings<'git'>;
  /** Folder of the projects' bare repositories, from which it pushes. */
  repositories: string;
  /** Folders in which a remote on this machine may be. */
  roots: string[];
  access?: GitAccess | undefined;
  checkpoint?: Checkpoint | undefined;
}

const DEFAULT_BRANCH = 'production';
const NO_PULL_REQUEST = 'pull requests are made by a forge; this remote was reached by git alone';

export function createGitReleases(options: GitReleaseOptions): ReleaseTarget {
  const branch = checkBranch(options.settings.branch ?? DEFAULT_BRANCH);
  const { open } = createRepositories(options.repositories);
  return createReleaseTarget({
    ...options,
    productionOf(projectId, _, checkpoint) {
      const openRemote = async (): Promise<OpenRemote> => {
        const git = await open(projectId);
        return { git, remote: await checkRemote(options.settings.remote, { ...options, git: git.elsewhere }) };
      };
      return gitProduction({ projectId, branch, openRemote, documents: options.documents, checkpoint });
    },
  });
}

interface OpenRemote {
  git: ProjectGit;
  remote: Remote;
}
interface GitProduction {
  projectId: string;
  branch: string;
  documents: DocumentStore;
  checkpoint: Checkpoint;
  openRemote(): Promise<OpenRemote>;
}

function gitProduction(remoteProject: GitProduction): Production {
  const productionRef = `refs/heads/${remoteProject.branch}`;
  return {
    name: 'git',
    maxMoveMs: 600_000,
    async read() {
      const { git, remote } = await remoteProject.openRemote();
      const commit = await readRemote(git, remote, productionRef);
      return commit === null ? null : { number: await numberOf(remoteProject, commit), at: commit, settled: true };
    },
    prepare: (release) => pushRelease(remoteProject, release),
    positionOf: ({ number, commit }) => ({ number, at: commit, settled: true }),
    move: (move) => moveProduction(remoteProject, productionRef, move),
    details: (release) => ({
      tag: tagOf(remoteProject, release),
      branch: branchOf(release),
      production: remoteProject.branch,
      pull_request: null,
      pull_request_reason: NO_PULL_REQUEST,
    }),
  };
}

async function pushRelease(remoteProject: GitProduction, release: StagedRelease): Promise<void> {
  const { git, remote } = await remoteProject.openRemote();
  const tag = `refs/tags/${tagOf(remoteProject, release)}`;
  const object = await makeTag(git, tag, release);
  remoteProject.checkpoint('tagged');
  const existing = await readRemote(git, remote, tag);
  if (existing !== null && existing !== object) {
    throw new Failure(
      'Release.Refused',
      `the remote has another ${tagOf(remoteProject, release)} already; it is not overwritten`,
    );
  }
  await pushRef(git, remote, { ref: tag, to: object, expected: existing });
  remoteProject.checkpoint('tag-pushed');
  const branch = `refs/heads/${branchOf(release)}`;
  const expected = await readRemote(git, remote, branch);
  await pushRef(git, remote, { ref: branch, to: release.commit, expected });
  remoteProject.checkpoint('branch-pushed');
}

/** Makes the tag in the project's repository first, so that a second try pushes the same object. */
async function makeTag(git: ProjectGit, ref: string, release: StagedRelease): Promise<string> {
  const existing = await readRef(git, ref);
  if (existing !== undefined) return existing;
  const seconds = Math.floor(Date.now() / 1000);
  const { number, id, commit } = release;
  const head = [`object ${commit}`, 'type commit', `tag ${ref.slice('refs/tags/'.length)}`];
  const tagger = `tagger Q Orchestrator <q-orchestrator@localhost> ${seconds} +0000`;
  const stdin = `${[...head, tagger, '', `Release ${number}`, '', `Q-Release: ${id}`].join('\n')}\n`;
  const { stdout } = await git(['mktag'], { stdin });
  await moveRef(git, ref, { to: stdout.toString('utf8').trim(), expected: NO_COMMIT });
  return (await readRef(git, ref)) ?? stdout.toString('utf8').trim();
}

async function moveProduction(remoteProject: GitProduction, productionRef: string, { from, to }: Move): Promise<void> {
  const { git, remote } = await remoteProject.openRemote();
  if (from !== null) await keepCommit(git, remote, { branch: remoteProject.branch, commit: from.at });
  // Two releases may have the same commit: the later one counts as live.
  if (to !== null) await storeNumber(remoteProject, to);
  remoteProject.checkpoint('push');
  try {
    await pushRef(git, remote, { ref: productionRef, to: to?.at ?? null, expected: from?.at ?? null });
  } catch (error) {
    if (!isRejected(error)) throw error;
    throw new Error(
      `${remoteProject.branch} of the remote was moved by another writer, or may not be moved; it was left alone.`,
    );
  }
  remoteProject.checkpoint('pushed');
}

async function numberOf(remoteProject: GitProduction, commit: string): Promise<number | null> {
  const stored = await remoteProject.documents.load('release-commits', releaseKeyOf(remoteProject.projectId, commit));
  return stored?.number ?? null;
}

async function storeNumber(remoteProject: GitProduction, { number, at }: Position): Promise<void> {
  if (number !== null)
    await remoteProject.documents.replace('release-commits', releaseKeyOf(remoteProject.projectId, at), { number });
}

function tagOf({ projectId }: GitProduction, { number }: StagedRelease): string {
  return `${projectId}/v${number}`;
}

/** Returns the name of the branch with the build's commits, which is pushed for reviews. */
function branchOf({ buildId }: StagedRelease): string {
  return `builds/${buildId}`;
}
