/**
 * The three kinds of release target, made of what a build asks for.
 */
import type { DocumentStore } from '../../ports/documents';
import type { Sandbox } from '../../ports/sandbox';
import type { ReleaseSettings, ReleaseTarget } from '../../ports/release-target';
import { createCommandReleases } from './command';
import { createDirectoryReleases } from './directory';
import { createGitReleases } from './git';
import type { Checkpoint } from './track';

export interface TargetOptions {
  root: string;
  documents: DocumentStore;
  sandbox: Sandbox;
  repositories: string;
  roots: string[];
  checkpoint?: Checkpoint | undefined;
}

export function createReleaseTargets(options: TargetOptions): (settings: ReleaseSettings) => ReleaseTarget {
  return (settings) => {
    switch (settings.target) {
      case 'directory':
        return createDirectoryReleases(options);
      case 'git':
        return createGitReleases({ ...options, settings });
      case 'command':
        return createCommandReleases({ ...options, settings });
    }
  };
}
