/**
 * What an experiment changes before it runs the tests: units of a change, and expectations of tests. Pure types.
 *
 * Each is one edit of one file. Tests that are run on the edited text must fail, or they show nothing about it.
 */

/** Replaces characters `from` to `to` (UTF-16 offsets, end exclusive) of a file's new text. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

export type UnitKind = 'function' | 'branch' | 'condition' | 'constant' | 'operator' | 'statement' | 'value' | 'hunk';

export interface Unit {
  path: string;
  /** From 1, in the new text. */
  line: number;
  kind: UnitKind;
  /** The innermost function or method with a name that holds it; null at the top level. A unit of kind `function` is its own owner. */
  owner: { name: string; line: number } | null;
  /** One line, at most 160 characters: what is broken, e.g. "price(): throws", "if (n > 3): never taken". */
  says: string;
  edit: Edit;
  mark?: UnitMark | undefined;
  /** Of mark `guard`: the condition that is gone. */
  condition?: string | undefined;
}

/**
 * What more is known of a unit: `plain` only puts the parts of a program together; `data` is a value of a data file; `outside` is a
 * statement that changes another thing when its file is loaded; `guard` puts a condition back that refused something; `load` breaks a
 * whole file.
 */
export type UnitMark = 'plain' | 'data' | 'outside' | 'guard' | 'load';

export type NoUnitReason =
  | 'comment'
  | 'docstring'
  | 'types'
  | 'message'
  | 'log'
  | 'document'
  | 'style'
  | 'generated'
  | 'vendored'
  | 'script'
  | 'test'
  | 'declaration';

/** What is not asked, because no test has to need it; shown as a note. */
export interface NotAUnit {
  path: string;
  line: number;
  why: NoUnitReason;
}

export interface Perturbation {
  path: string;
  line: number;
  /** Name of the test that holds it as far as the file tells (title string, function name); '' where it does not. */
  test: string;
  says: string;
  edit: Edit;
}

/** One file of a change, as git's diff tells it. Lines are counted from 1. */
export interface ChangedFile {
  path: string;
  after: string;
  /** Whether it holds tests; absent where only its name says. */
  isTest?: boolean;
  /** Whether its text before the change says that a program wrote it; absent where that is not known. */
  wasGenerated?: boolean;
  /** Whether nothing of the repository makes the file, whatever it says of itself; absent where that is not known. */
  isHandWritten?: boolean;
  /** Whether a source of the product names it; absent where that is not known. */
  isRead?: boolean;
  /** Lines of `after` that the change adds or alters. */
  changed: ReadonlySet<number>;
  /**
   * Text that the change takes away, with the line of `after` before which it stood. Where that line is in `changed`,
   * the text was replaced; else it was only taken away.
   */
  removed: ReadonlyArray<{ line: number; text: string }>;
}

export interface UnitsOfFile {
  /** In the order of their lines. */
  units: Unit[];
  others: NotAUnit[];
  notes: string[];
}

export interface PerturbationsOfFile {
  perturbations: Perturbation[];
  /** Tests that are new or changed and hold no expectation that can be changed. */
  without: Array<{ test: string; line: number }>;
  /** Changed assertions that assert nothing. `says` ends a sentence about the test. */
  idle: Array<{ test: string; line: number; says: string }>;
  notes: string[];
}

/** Most units that are made of one file. */
export const MOST_UNITS = 120;
/** Most perturbations of one test. */
export const MOST_PERTURBATIONS = 3;
/** Characters of a file beyond which it is not read. */
export const MOST_CHARS = 512 * 1024;

const SAYS_CHARS = 160;

/** One line of at most 160 characters. */
export function saysOf(text: string): string {
  const line = text.slice(0, 2_000).replace(/\s+/g, ' ').trim();
  return line.length <= SAYS_CHARS ? line : `${line.slice(0, SAYS_CHARS - 3)}...`;
}

export function applyEdit(text: string, { from, to, text: put }: Edit): string {
  return text.slice(0, from) + put + text.slice(to);
}

/** The edits do not overlap; the last one comes first, so that what is still to be edited keeps its place. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits].sort((a, b) => b.from - a.from).reduce(applyEdit, text);
}

/**
 * The text that the tests run on. TypeScript is not checked in it: where tests are compiled with their types, an edit that
 * changes a type would fail before any test ran, and pass for a break that was noticed.
 */
export function brokenText(path: string, text: string, ...edits: Edit[]): string {
  const broken = applyEdits(text, edits);
  if (!/\.[cm]?tsx?$/i.test(path)) return broken;
  const start = broken.startsWith('#!') ? broken.indexOf('\n') + 1 : 0;
  return `${broken.slice(0, start)}// @ts-nocheck\n${broken.slice(start)}`;
}
