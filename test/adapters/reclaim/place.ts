/**
 * Makes a data folder with real git, real stores and finished builds, without a server: tests pass the list of open builds.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { createFileArtifacts } from '../../../src/adapters/artifacts/file-store';
import { reclaim } from '../../../src/adapters/reclaim/run';
import type { OpenWork, Rules } from '../../../src/adapters/reclaim/rules';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import type { BuildState } from '../../../src/domain/build/state';
import { branchNameOf, hexOf, requestKeyOf } from '../../../src/domain/ids';
import { dataFolders } from '../../../src/programs/data-folders';
import { gitIn, makeUpstream } from '../workspace/git-fixture';

export const DAY_MS = 86_400_000;
export const RULES: Omit<Rules, 'now'> = { keepMs: 30 * DAY_MS, graceMs: DAY_MS / 2, keepReleases: 3 };
export const PROJECT = 'shop';

export interface FinishedBuild {
  buildId: string;
  requestKey: string;
  commit: string;
  base: string;
  /** An artifact that an output of the record names. */
  diff: string;
}

export type ReclaimPlace = ReturnType<typeof makePlace>;

/** `megabytes` is the size of the source repository, in bytes that git cannot compress. */
export function makePlace(megabytes = 3) {
  const folder = mkdtempSync(join(tmpdir(), 'q-reclaim-'));
  const dataDir = join(folder, 'data');
  const folders = dataFolders(dataDir);
  const workspace = createGitWorkspace({ root: folders.repositories });
  const documents = createFileDocuments(folders.documents);
  const artifacts = createFileArtifacts(folders.artifacts);
  const path = makeUpstream(folder, (into) => {
    for (let at = 0; at < megabytes; at++) writeFileSync(join(into, `part-${at}.bin`), randomBytes(1024 ** 2));
  });
  const isStored = (digest: string): boolean => {
    const hex = hexOf(digest) ?? '';
    return existsSync(join(folders.artifacts, hex.slice(0, 2), hex));
  };

  return {
    ...{ dataDir, folders, workspace, documents, artifacts, isStored },
    git: (...args: string[]) => gitIn(join(folders.repositories, `${PROJECT}.git`), ...args),
    remove: () => rmSync(folder, { recursive: true, force: true }),

    /** Makes the results of a build: a branch with `bytes` new bytes, and its diff as an artifact. */
    async build(buildId: string, bytes = 700_000): Promise<FinishedBuild> {
      const request = await artifacts.put(JSON.stringify({ buildId }));
      const at = { projectId: PROJECT, buildId, requestKey: requestKeyOf(request.digest) };
      const { commit: base } = await workspace.prepare({ ...at, repository: { path } });
      // git compresses base64 to three quarters.
      const changes = [{ path: `${buildId}.txt`, content: randomBytes(bytes).toString('base64') }];
      const { commit: draftCommit } = await workspace.apply({ ...at, commit: base }, changes, buildId);
      const mark = { phase: 'implementation', generation: 1, attempt: 1, turn: 1 } as const;
      const { commit } = await workspace.publish(
        { ...at, commit: base },
        { draftCommit, message: `Do ${buildId}`, mark },
      );
      const diff = await artifacts.put(`a diff of ${buildId}`);
      return { buildId, requestKey: at.requestKey, commit, base, diff: diff.digest };
    },

    /** Ends the build by writing its record. */
    async end({ diff, ...build }: FinishedBuild, cancelled: boolean): Promise<void> {
      const output = await artifacts.put(JSON.stringify({ diffDigest: diff, of: build.buildId }));
      const outputs = { implementation: { digest: output.digest, source: 'measured' } };
      const record = { projectId: PROJECT, ...build, outputs, cancelled, completedAt: new Date().toISOString() };
      await documents.replace('records', `${PROJECT}.${build.buildId}`, record as unknown as BuildState);
    },

    branch: ({ buildId, requestKey }: FinishedBuild) => `refs/heads/${branchNameOf({ buildId, requestKey })}`,

    /** Runs the job as if `daysLater` days had passed. */
    run: (open: OpenWork[] = [], { daysLater = 31, isDryRun = false } = {}) =>
      reclaim({
        ...{ dataDir, folders, documents, isDryRun },
        listOpenWork: async () => open,
        rules: { ...RULES, now: Date.now() + daysLater * DAY_MS },
      }),
  };
}

/** Describes an open build with its state; null if the build does not answer. */
export function openBuild({ buildId }: Pick<FinishedBuild, 'buildId'>, state: object | null): OpenWork {
  const stateText = state === null ? null : JSON.stringify(state);
  return { workflowId: `${PROJECT}.${buildId}`, isBuild: true, startedAt: Date.now() - DAY_MS, state: stateText };
}
