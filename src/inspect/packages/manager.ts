/**
 * What is said of one package manager: the programs, files and folders by which it is known here.
 *
 * A record of data and of pure readers of text; `managers.ts` lists all records.
 */
import type { Ecosystem } from '../../domain/packages/facts';
import type { InstallPart } from './install';
import type { LockEntry } from '../manifests/lock-entry';
import type { PythonRequirement } from '../manifests/python';

export interface PackageManager {
  name: string;
  /** Where the gates look its packages up; null where they read none of its files. */
  ecosystem: Ecosystem | null;
  /** Programs that run a script of package.json. */
  programs: readonly string[];
  /** Names of the files that a set-up command goes by, beside the locks. */
  setup: readonly RegExp[];
  /** Paths of the manifests that the gates read. */
  manifests: readonly Manifest[];
  /** By file name, in the order in which they count beside each other. Written by the manager, so no line of one counts as a person's. */
  locks: Readonly<Record<string, LockReader>>;
  /** Folders that it installs into. */
  installed: readonly string[];
  /** How it installs a project; absent where nothing is known of it. */
  install?: InstallPart;
  /** Only the gate of the dependencies reads its locks: set-up does not go by them, and their lines count. */
  onlyGates?: true;
}

export interface Manifest {
  files: RegExp;
  /** What a Python manifest asks for. Where there is no reader, each name that stands in the text counts as declared. */
  read?: (text: string) => PythonRequirement[];
}

/** Undefined where the text is no lock of this kind. */
export type LockReader = (text: string) => LockEntry[] | undefined;
