/**
 * Facts about the packages of a change, from manifests, lock files and the registry.
 */
export type Ecosystem = 'npm' | 'pypi';

/** A package that the change adds, or whose installed version or source it changes. */
export interface DependencyFact {
  ecosystem: Ecosystem;
  /** The real name, if the manifest uses an alias. */
  name: string;
  /** The manifest or lock file that names it. */
  path: string;
  /** True if a manifest requests it; false if only the lock file contains it. */
  direct: boolean;
  /** `local`: a folder of this repository. `other`: a url, a git repository, a file from elsewhere. */
  source: 'registry' | 'local' | 'other';
  /** As written in the manifest, e.g. `^1.2.0`; '' if only the lock file names it. */
  spec: string;
  /** The version that would be installed, from the lock file or an exact spec; null if unknown. */
  version: string | null;
  lock: LockFact;
  registry: RegistryAnswer;
}

export type LockFact =
  /** `integrity` as written in the lock file; null if it has none. */
  | { state: 'listed'; integrity: string | null }
  | { state: 'unlisted' }
  | { state: 'no_lock' }
  /** The project had no lock file before the change either. */
  | { state: 'unkept' }
  /** Python: a requirement pinned to one version without hashes, or a build tool, which no lock file contains. */
  | { state: 'pinned' };

export type RegistryAnswer =
  | { state: 'known'; package: PackageRecord }
  | { state: 'absent' }
  | { state: 'unknown'; why: string }
  /** The registry was not queried, as it was not needed. */
  | { state: 'unasked' };

export interface PackageRecord {
  /** When its oldest version was published, ISO 8601; null if the registry does not say. */
  firstPublishedAt: string | null;
  versions: Record<string, VersionRecord>;
}
export interface VersionRecord {
  publishedAt: string | null;
  deprecated: boolean;
  /** `sha512-<base64>` for npm; `sha256:<hex>` for each file of PyPI. */
  integrity: string[];
}

/** An import of a package that no manifest declares. */
export interface ImportFact {
  ecosystem: Ecosystem;
  path: string;
  line: number;
  name: string;
  /** `remote`: the code is loaded from a URL. */
  kind: 'undeclared' | 'remote';
}
