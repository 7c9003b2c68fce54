/**
 * What is said of how a package manager installs a project: commands, the files that they read, what they leave. Types only,
 * and the places in the sandbox that packages have there.
 */

/** Managers of one language exclude each other in a folder; those of several do not. */
export type Language = 'javascript' | 'python' | 'go' | 'rust' | 'java';

export interface InstallPart {
  language: Language;
  /** How the project of the folder is installed; undefined where it is not a project of this manager. */
  plan(project: ProjectTree): InstallPlan | undefined;
}

/** A commit's tree, looked at from the folder of the project. Paths are relative to that folder, unless said otherwise. */
export interface ProjectTree {
  /** '' is the root of the tree. */
  folder: string;
  /** Only those below the folder. */
  paths: readonly string[];
  has(path: string): boolean;
  /** Undefined where it is missing or no text. The path may begin with `../`. */
  read(path: string): string | undefined;
  /** True where the worker allows install scripts of npm's packages. */
  allowsScripts: boolean;
}

export interface InstallPlan {
  /** What a person would type; shown, and part of the cache's key. */
  command: string[];
  /** Tried one after the other; the first that succeeds counts. */
  attempts: Attempt[];
  /** Path of the lock that it follows; null where there is none. */
  lock: string | null;
  /** Programs that are brought where the worker does not have them. */
  tools: Tool[];
  /** Files that the step reads. A step that is given the whole tree is made anew only where one of these differs. */
  reads(path: string): boolean;
  /** Files outside of the project's folder that it reads, too; each begins with `../`. */
  readsOutside?(path: string): boolean;
  /** True: the step sees the whole tree of the base commit, since what it installs depends on the project's own sources. */
  wholeTree?: boolean;
  /** Files whose presence matters to the manager and whose content does not: shown empty. */
  needsNameOnly?(path: string): boolean;
  /** Absolute folders in the sandbox that the step fills, and that runs see. */
  sharedFolders: string[];
  /** The same, of which each run gets a copy that it may write. */
  copiedFolders?: string[];
  /** Files that the step makes in the tree, in the project's folder, and that runs need. */
  isProducedFile(path: string): boolean;
  /** Variables of the step. */
  env: Record<string, string>;
  /** What runs get. */
  runs: RunPart;
  /** True: a project whose step fails is run without it, and a note says so. */
  optional?: boolean;
  notes: string[];
}

export interface Attempt {
  commands: string[][];
  /** The log of the attempt before must match. */
  when?: RegExp;
  /** Said where this attempt was the one that succeeded. */
  note?: string;
}

export interface RunPart {
  env: Record<string, string>;
  /** What keeps the program from asking a registry, where there is no network: in each run, and not in `commands.setup`. */
  offline?: Record<string, string>;
  /** Folders that come first on PATH. */
  path: string[];
  /** Files at absolute places. */
  files?: Array<{ path: string; text: string }>;
  /** True: its programs reserve far more memory than they use. */
  reservesMemory?: true;
  /** Compiles what the tests of the base need, so that later runs find it. */
  warm?: Warm;
}

/** Runs without network, over the base commit only. A failure is no failure of the build. */
export interface Warm {
  commands: string[][];
  /** Folders that are kept: absolute, or in the project's folder. Each run gets a copy that it may write. */
  sharedFolders: string[];
}

/** `version` is what the manager that brings it takes; undefined: its latest. */
export interface Tool {
  name: string;
  version?: string | undefined;
  by: 'npm' | 'pip';
  /** Names of packages, where they differ from the tool's. */
  packages?: string[];
  /** True where one on the worker's PATH does as well. */
  onPath: boolean;
}

export const VENV = '/venv';
export const DEPS = '/deps';
export const TOOLS = `${DEPS}/tools`;
