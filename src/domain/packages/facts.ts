/**
 * What was found out about the packages of a change: what manifests and locks say, and what the registry says.
 */
export type Ecosystem = 'npm' | 'pypi';

/** A package that the change adds, or of which it changes what would be installed. */
export interface DependencyFact {
  ecosystem: Ecosystem;
  /** The real name, behind an alias. */
  name: string;
  /** The manifest or lock that names it. */
  path: string;
  /** True where a manifest asks for it; false for what only the lock holds. */
  direct: boolean;
  /** `local`: a folder of this repository. `other`: a url, a git repository, a file from elsewhere. */
  source: 'registry' | 'local' | 'other';
  /** As the manifest writes it, e.g. `^1.2.0`; '' where only the lock names it. */
  spec: string;
  /** What would be installed, from the lock or an exact spec; null where nothing says it. */
  version: string | null;
  lock: LockFact;
  registry: RegistryAnswer;
}

export type LockFact =
  /** `integrity` as the lock writes it; null where it holds none. */
  | { state: 'listed'; integrity: string | null }
  | { state: 'unlisted' }
  | { state: 'no_lock' }
  /** The project kept none before the change, either: it locks nothing. */
  | { state: 'unkept' }
  /** Python: pinned to one version in the requirements, which have no hashes; or a build tool, which no lock holds. */
  | { state: 'pinned' };

export type RegistryAnswer =
  | { state: 'known'; package: PackageRecord }
  | { state: 'absent' }
  | { state: 'unknown'; why: string }
  /** There was no need to ask. */
  | { state: 'unasked' };

export interface PackageRecord {
  /** Publication of its oldest version, ISO 8601; null where the registry does not say. */
  firstPublishedAt: string | null;
  versions: Record<string, VersionRecord>;
}
export interface VersionRecord {
  publishedAt: string | null;
  deprecated: boolean;
  /** `sha512-<base64>` (npm) or `sha256:<hex>` each (PyPI, one a file). */
  integrity: string[];
}

/** An import of a package that nothing declares. */
export interface ImportFact {
  ecosystem: Ecosystem;
  path: string;
  line: number;
  name: string;
  /** `remote`: the code is loaded from a url. */
  kind: 'undeclared' | 'remote';
}
