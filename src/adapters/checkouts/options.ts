/**
 * What the preparing of checkouts is given by the programs. Types only.
 */
import type { ArtifactStore } from '../../ports/artifacts';
import type { Sandbox } from '../../ports/sandbox';
import type { Workspace } from '../../ports/workspace';
import type { AllowedHost } from '../network/allow-list';
import type { WorkerEnvironment } from '../network/manager-settings';
import type { PackageCache } from './package-cache';

export interface CheckoutsOptions {
  artifacts: ArtifactStore;
  workspace: Workspace;
  sandbox: Sandbox;
  cache: PackageCache;
  setup: SetupOptions;
}

export interface SetupOptions {
  /** Most that one install step may take. */
  timeoutMs: number;
  /** Servers that every step may reach, beside those of the package managers' own configuration. */
  hosts: readonly AllowedHost[];
  /** The worker's own environment: proxies, certificates, addresses of registries. */
  worker: WorkerEnvironment;
  /** A file of `NAME=value` lines that only install steps see. */
  envFile?: string | undefined;
  /** A folder whose files lie in the home folder of install steps (`.npmrc`, `.netrc`, `.ssh`), and of nothing else. */
  homeFolder?: string | undefined;
  /** What kept results may take on disk, all together. */
  cacheBytes: number;
  /** True: install scripts of npm's packages run, in the sandbox. */
  allowsScripts: boolean;
}
