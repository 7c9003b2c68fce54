/**
 * Types for the way in which a package manager installs a project: commands, the files that they read, the files that they
 * produce. Also the folders of packages in the sandbox.
 */

/** A folder has at most one package manager for each language. */
export type Language = 'javascript' | 'python' | 'go' | 'rust' | 'java';

export interface InstallPart {
  language: Language;
  /** Returns how the project of the folder is installed; undefined if it is not a project of this manager. */
  plan(project: ProjectTree): InstallPlan | undefined;
}

/** The tree of a commit as seen from the folder of the project. Paths are relative to that folder. */
export interface ProjectTree {
  /** The path of the folder in the tree; '' is the root. */
  folder: string;
  /** The paths below the folder. */
  paths: readonly string[];
  has(path: string): boolean;
  /** Returns undefined if the file is missing or not text. The path may begin with `../`. */
  read(path: string): string | undefined;
  /** True if the worker allows install scripts of npm packages. */
  allowsScripts: boolean;
}

export interface InstallPlan {
  /** The command that a person would type. It is shown, and is part of the cache key. */
  command: string[];
  /** The worker tries them in their order, until one succeeds. */
  attempts: Attempt[];
  /** Path of the lock file that decides the versions; null if there is none. */
  lock: string | null;
  /** Programs that the step installs if the worker does not have them. */
  tools: Tool[];
  /** True for a file that the step reads. A step with the whole tree is repeated only if one of these files differs. */
  reads(path: string): boolean;
  /** True for a file outside of the project's folder that the step reads, too. The path begins with `../`. */
  readsOutside?(path: string): boolean;
  /** True if the step sees the whole tree of the base commit, because the installation depends on the project's sources. */
  wholeTree?: boolean;
  /** True for a file that must exist for the manager, and whose content it does not read. The step gets it empty. */
  needsNameOnly?(path: string): boolean;
  /** Absolute paths of folders in the sandbox that the step fills and that runs can read. */
  sharedFolders: string[];
  /** The same for folders of which each run gets its own writable copy. */
  copiedFolders?: string[];
  /** True for a file that the step produces in the project's folder and that runs need. */
  isProducedFile(path: string): boolean;
  /** Environment variables of the step. */
  env: Record<string, string>;
  /** What each later run of the project gets. */
  runs: RunPart;
  /** True if the project's tests run even if the step fails; a note then says so. */
  optional?: boolean;
  notes: string[];
}

export interface Attempt {
  commands: string[][];
  /** The attempt is made only if the log of the one before matches. */
  when?: RegExp;
  /** Reported if this attempt succeeds. */
  note?: string;
}

export interface RunPart {
  env: Record<string, string>;
  /** Variables that keep programs from asking a registry. Runs have no network; `commands.setup` does not get them. */
  offline?: Record<string, string>;
  /** Folders at the beginning of PATH. */
  path: string[];
  /** Files with absolute paths. */
  files?: Array<{ path: string; text: string }>;
  /** True if its programs reserve far more memory than they use. */
  reservesMemory?: true;
  /** Compiles what the tests of the base need, so that later runs reuse it. */
  warm?: Warm;
}

/** Commands that run without network, on the base commit only. Their failure does not stop the build. */
export interface Warm {
  commands: string[][];
  /** Folders that the worker keeps: absolute, or in the project's folder. Each run gets its own writable copy. */
  sharedFolders: string[];
}

/** A program that npm or pip installs before the step. */
export interface Tool {
  name: string;
  /** A version as npm or pip writes it; undefined means the latest. */
  version?: string | undefined;
  by: 'npm' | 'pip';
  /** Names of its packages, if they differ from the tool's name. */
  packages?: string[];
  /** True if a program of that name on the worker's PATH may be used instead. */
  onPath: boolean;
}

export const VENV = '/venv';
export const DEPS = '/deps';
export const TOOLS = `${DEPS}/tools`;
