/**
 * Checkouts: the one way to make a commit ready for runs of the project's own code. Types only; `src/adapters/checkouts`
 * has the real one.
 */
import type { Fetched } from '../domain/fetched';
import type { SandboxResult, SandboxRun } from './sandbox';
import type { TreeAt } from './workspace';

export interface Checkouts {
  /** How the project of a commit is set up, read from its tree alone; nothing is run. */
  look(at: TreeAt, wish: ProjectWish): Promise<ProjectSetup>;
  /**
   * Checks the commit out into a scratch folder, makes it ready, calls `use`, and removes the folder whatever happens.
   * Throws Failure `Environment.*`, which names the command, the last lines of its log and the setting that helps.
   */
  with<T>(input: CheckoutInput, use: (checkout: PreparedCheckout) => Promise<T>): Promise<T>;
}

/** What the start request says of the project's set-up. */
export interface ProjectWish {
  /** Folder of the project in the repository; found where it is not given. */
  workdir?: string | undefined;
  /** Runs after the derived install steps, with the same network. */
  setup?: string[] | undefined;
}

export interface CheckoutInput {
  at: TreeAt;
  /** The build's base commit. What it installs serves the commit, too, where no file that an install step reads differs. */
  base: string;
  wish: ProjectWish;
  /** True: nothing lies in the tree but the commit's own files and what set-up made of them. */
  isForRelease?: boolean;
  signal?: AbortSignal | undefined;
}

export interface ProjectSetup {
  /** '' is the root of the tree. */
  workdir: string;
  /** One entry an install step, in their order. */
  steps: SetupStep[];
  /** Differs where anything differs that a run sees beside the tree. Hexadecimal. */
  key: string;
  /** One sentence each: what is left out, and the setting that helps. */
  notes: string[];
}

export interface SetupStep {
  /** Name of the package manager, or `commands.setup`. */
  manager: string;
  /** Folder in the tree; '' is the root. */
  folder: string;
  command: string[];
  /** Path of the lock file it follows; null where there is none. */
  lock: string | null;
}

/** A commit made ready. */
export interface PreparedCheckout {
  /** The tree's root on this machine. */
  folder: string;
  setup: ProjectSetup;
  /** What its install steps fetched when they ran, which may be days ago; undefined where it is not known. */
  fetched?: Fetched | undefined;
  /** What its runs see beside the tree, for a run on a copy of the tree. */
  shown: Pick<SandboxRun, 'readOnly' | 'scratch' | 'env' | 'files' | 'reservesMemory'>;
  /** Removes the empty folders at which runs were shown packages. */
  removeMountPoints(): Promise<void>;
  /** The PATH of its runs. */
  path: string;
  /** True where the path, from the working folder, is in the tree or in what was installed. */
  has(path: string): Promise<boolean>;
  /**
   * Runs a command as the project's own: in its working folder, with its packages, interpreter, toolchain and `.git`, without
   * network. Every run of a checkout sees what the runs before it wrote into the tree.
   */
  run(run: CheckoutRun): Promise<SandboxResult>;
}

export type CheckoutRun = Pick<
  SandboxRun,
  'command' | 'timeoutMs' | 'signal' | 'env' | 'readOnly' | 'writable' | 'files' | 'onOutput' | 'stdin' | 'isGiven'
>;
