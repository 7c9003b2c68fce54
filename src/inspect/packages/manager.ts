/**
 * The type that describes one package manager: its programs, files, folders, and readers of its lock files.
 *
 * A description is data and pure functions; `managers.ts` lists all of them.
 */
import type { Ecosystem } from '../../domain/packages/facts';
import type { InstallPart } from './install';
import type { LockEntry } from '../manifests/lock-entry';
import type { PythonRequirement } from '../manifests/python';

export interface PackageManager {
  name: string;
  /** The registry in which the gates look its packages up; null if they read none of its files. */
  ecosystem: Ecosystem | null;
  /** Programs that run a script of package.json. */
  programs: readonly string[];
  /** Names of the files that a set-up command depends on, in addition to the lock files. */
  setup: readonly RegExp[];
  /** Paths of the manifests that the gates read. */
  manifests: readonly Manifest[];
  /**
   * Readers of lock files by file name; if a folder has several, the first one counts. The manager writes these files, so
   * none of their lines counts as written by a person.
   */
  locks: Readonly<Record<string, LockReader>>;
  /** Folders into which it installs. */
  installed: readonly string[];
  /** How it installs a project; absent if the orchestrator cannot install its projects. */
  install?: InstallPart;
  /** Set if only the gate for dependencies reads its lock files. Set-up does not depend on them, and their lines count. */
  onlyGates?: true;
}

export interface Manifest {
  files: RegExp;
  /** Returns the requirements of a Python manifest. Without a reader, each name in the text counts as declared. */
  read?: (text: string) => PythonRequirement[];
}

/** Returns undefined if the text is no lock file of this kind. */
export type LockReader = (text: string) => LockEntry[] | undefined;
