/**
 * The type of a repository shape: its files, how a person installs and tests it by hand, and one change to build on it.
 *
 * A shape names no commands for the product: the start request has only the repository and one sentence.
 */
import type { Git } from './repository';

/** Text or bytes by path. */
export type Tree = Record<string, string | Uint8Array>;

export interface Shape {
  name: string;
  base: Tree;
  /** The encoding of file names; `latin1` writes each character of a path as one byte. */
  names?: 'utf8' | 'latin1';
  /** `before` replaces the single commit of all files; `after` runs after the commit. */
  git?: { before?: (git: Git, folder: string) => void; after?: (git: Git, folder: string) => void };
  branch?: string;
  /** Programs that must be on PATH; the shape is skipped if one is missing. */
  tools?: string[];
  byHand: ByHand;
  work: Work;
  /** How the build must end; absent: `complete`. */
  expects?: Expectation;
}

/** Shell commands to run in the root of the repository, as its README would give them. */
export interface ByHand {
  install?: string;
  test: string;
  /** Packages of a registry that bring the programs which the commands need: `npm:pnpm@10`, `pypi:uv`. */
  toolPackages?: string[];
  /** Set if the base has no tests, so the command need not pass on it. */
  hasNoTests?: true;
}

export interface Work {
  sentence: string;
  requirement: string;
  /** The Code Writer's files, with their full content. */
  code: Record<string, string>;
  /** The Test Auditor's files, with their full content. */
  tests: Record<string, string>;
  /** The test command that the Test Auditor proposes, for a repository that names none. */
  testCommand?: string[];
  criteria: Array<{ text: string; kind: 'new' | 'kept'; testedBy: string }>;
}

export interface Expectation {
  /** The build may stop before the first paid call with an `Environment.*` failure whose message matches this. */
  environment: RegExp;
  /** True if `complete` is also right. */
  orComplete?: true;
}
