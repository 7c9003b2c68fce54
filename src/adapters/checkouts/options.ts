/**
 * Defines the dependencies and settings with which the programs create checkouts. Types only.
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
  /** Time limit for each command of a setup step. */
  timeoutMs: number;
  /** Servers that every setup step may reach, in addition to those of the package managers' own configuration. */
  hosts: readonly AllowedHost[];
  /** The worker's own environment: proxies, certificates, addresses of registries. */
  worker: WorkerEnvironment;
  /** A file of `NAME=value` lines. Only setup steps get these variables. */
  envFile?: string | undefined;
  /** A folder whose files (`.npmrc`, `.netrc`, `.ssh`) are copied into the home folder of setup steps only. */
  homeFolder?: string | undefined;
  /** Limit for the disk space of all cached results together. */
  cacheBytes: number;
  /** True: install scripts of npm packages run, in the sandbox. */
  allowsScripts: boolean;
}
