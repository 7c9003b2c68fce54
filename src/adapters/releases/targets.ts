/**
 * Makes the release target that a build asks for, by its name.
 *
 * The names and fields are in src/requests/release.ts; a name without a line here does not compile.
 */
import type { DocumentStore } from '../../ports/documents';
import type { Sandbox } from '../../ports/sandbox';
import type { ReleaseSettings, ReleaseTarget, ReleaseTargetName } from '../../ports/release-target';
import type { GitAccess } from '../workspace/access';
import { createCommandReleases } from './command';
import { createDirectoryReleases } from './directory';
import { createGitReleases } from './git';
import type { Checkpoint } from './production';

/** The worker's parts that every target may use. */
export interface TargetDependencies {
  /** Folder of the projects' releases. */
  root: string;
  documents: DocumentStore;
  sandbox: Sandbox;
  /** Folder of the projects' bare repositories. */
  repositories: string;
  /** Folders in which a repository on this machine may be. */
  roots: string[];
  /** Credentials and proxies for git remotes. */
  access?: GitAccess | undefined;
  checkpoint?: Checkpoint | undefined;
}
type TargetOptions<T extends ReleaseTargetName> = TargetDependencies & { settings: ReleaseSettings<T> };

const TARGETS: { [T in ReleaseTargetName]: (options: TargetOptions<T>) => ReleaseTarget } = {
  directory: createDirectoryReleases,
  git: createGitReleases,
  command: createCommandReleases,
};

export function createReleaseTargets(dependencies: TargetDependencies) {
  return <T extends ReleaseTargetName>(settings: ReleaseSettings<T>): ReleaseTarget =>
    TARGETS[settings.target]({ ...dependencies, settings });
}
