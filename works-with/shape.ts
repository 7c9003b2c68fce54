/**
 * A repository shape: what a repository looks like, how a person installs and tests it by hand, and one honest build on it.
 *
 * A shape names no command for the product: the start request holds the repository and one sentence, nothing else.
 */
import type { Git } from './repository';

/** Text or bytes by path. */
export type Tree = Record<string, string | Uint8Array>;

export interface Shape {
  name: string;
  base: Tree;
  /** Bytes of file names; `latin1` writes each character of a path as one byte. */
  names?: 'utf8' | 'latin1';
  /** `before` takes the place of the one commit of everything; `after` follows it. */
  git?: { before?: (git: Git, folder: string) => void; after?: (git: Git, folder: string) => void };
  branch?: string;
  /** Programs that must be on PATH; without one the shape is not available here. */
  tools?: string[];
  byHand: ByHand;
  work: Work;
  /** `complete` where it is absent. */
  expects?: Expectation;
}

/** Shell lines in the root of the repository, as its README would have them. */
export interface ByHand {
  install?: string;
  test: string;
  /** Tools from a package registry that the lines call: `npm:pnpm@10`, `pypi:uv`. */
  with?: string[];
  /** True where the base has no test that could run: its own command is not asked to pass on it. */
  untested?: true;
}

export interface Work {
  sentence: string;
  requirement: string;
  /** The Code Writer's files, whole. */
  code: Record<string, string>;
  /** The Test Auditor's files, whole. */
  tests: Record<string, string>;
  /** How the Test Auditor proposes to test a repository that says it nowhere. */
  testCommand?: string[];
  criteria: Array<{ text: string; kind: 'new' | 'kept'; testedBy: string }>;
}

export interface Expectation {
  /** The build may stop before the first paid call with such a message in an `Environment.*` failure. */
  environment: RegExp;
  /** True where `complete` is right, too. */
  orComplete?: true;
}
