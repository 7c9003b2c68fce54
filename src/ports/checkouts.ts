/**
 * Prepares checkouts: the files of a commit with installed packages, in which the project's own code can run. Types only;
 * `src/adapters/checkouts` has the implementation.
 */
import type { Downloads } from '../domain/fetched';
import type { SandboxResult, SandboxRun } from './sandbox';
import type { TreeAt } from './workspace';

export interface Checkouts {
  /** Finds how the project of a commit is set up, by reading its files. It runs nothing. */
  look(at: TreeAt, overrides: ProjectOverrides): Promise<ProjectSetup>;
  /**
   * Checks the commit out into a scratch folder, installs its packages, calls `use`, and always removes the folder.
   * Throws Failure `Environment.*`, which names the command, the last lines of its log and the setting that helps.
   */
  with<T>(input: CheckoutInput, use: (checkout: PreparedCheckout) => Promise<T>): Promise<T>;
}

/** The settings of the start request for the project's set-up. */
export interface ProjectOverrides {
  /** The project's folder in the repository; absent: it is found by the manifests. */
  workdir?: string | undefined;
  /** Runs after the derived install steps, with the same network. */
  setup?: string[] | undefined;
}

export interface CheckoutInput {
  at: TreeAt;
  /** The build's base commit. The commit uses the base's installation if no file that an install step reads differs. */
  base: string;
  overrides: ProjectOverrides;
  /** True: the tree contains only the commit's files and the output of set-up. */
  isForRelease?: boolean;
  signal?: AbortSignal | undefined;
}

export interface ProjectSetup {
  /** '' is the root of the tree. */
  workdir: string;
  /** The install steps in their order. */
  steps: SetupStep[];
  /** A hexadecimal key that differs if anything differs that a run sees in addition to the tree. */
  key: string;
  /** One sentence each about something that is left out, with the setting that helps. */
  notes: string[];
}

export interface SetupStep {
  /** Name of the package manager, or `commands.setup`. */
  manager: string;
  /** Folder in the tree; '' is the root. */
  folder: string;
  command: string[];
  /** Path of the lock file from which the step installs; null if there is none. */
  lock: string | null;
}

/** A checkout whose packages are installed. */
export interface PreparedCheckout {
  /** The tree's root on this machine. */
  folder: string;
  setup: ProjectSetup;
  /** The packages that its install steps downloaded, perhaps days ago; undefined if they are not known. */
  fetched?: Downloads | undefined;
  /** The mounts and variables of its runs, for a run on a copy of the tree. */
  shown: Pick<SandboxRun, 'readOnly' | 'scratch' | 'env' | 'files' | 'reservesMemory'>;
  /** Removes the empty folders on which packages were mounted. */
  removeMountPoints(): Promise<void>;
  /** The PATH of its runs. */
  path: string;
  /** True if the path, relative to the working folder, is in the tree or in the installed packages. */
  has(path: string): Promise<boolean>;
  /**
   * Runs a command in the project's working folder, with its packages, interpreter, toolchain and `.git`, without network. Each run of
   * a checkout sees the files that earlier runs wrote into the tree.
   */
  run(run: CheckoutRun): Promise<SandboxResult>;
}

export type CheckoutRun = Pick<
  SandboxRun,
  | 'command'
  | 'timeoutMs'
  | 'signal'
  | 'env'
  | 'readOnly'
  | 'writable'
  | 'files'
  | 'onOutput'
  | 'stdin'
  | 'isOwnedBySandboxUser'
>;
