/**
 * The types of what experiments change before a test run: units of a change, and expectations of tests. Pure.
 *
 * Each is one edit of one file. Tests that use the edited text must fail; otherwise they prove nothing about it.
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
  /** Line in the new text, from 1. */
  line: number;
  kind: UnitKind;
  /** The innermost named function or method around the unit; null at the top level. A unit of kind `function` is its own owner. */
  owner: { name: string; line: number } | null;
  /** The break in one line of at most 160 characters, e.g. "price(): throws", "if (n > 3): never taken". */
  says: string;
  edit: Edit;
  mark?: UnitMark | undefined;
  /** For mark `guard`: the condition that was removed. */
  condition?: string | undefined;
}

/**
 * A property of a unit. `plain`: it only puts the parts of a program together. `data`: a value of a data file. `outside`: a
 * statement with an effect outside of its file when the file is loaded. `guard`: restores a removed condition that refused
 * something. `load`: breaks the whole file.
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

/** A changed place that is not broken, because tests need not cover it; shown as a note. */
export interface NotAUnit {
  path: string;
  line: number;
  why: NoUnitReason;
}

export interface Perturbation {
  path: string;
  line: number;
  /** The name of the test as read from the file (title string, function name); '' if it cannot be read. */
  test: string;
  says: string;
  edit: Edit;
}

/** One file of a change, read from git's diff. Lines are counted from 1. */
export interface ChangedFile {
  path: string;
  after: string;
  /** True if the file contains tests; absent if only its name says so. */
  isTest?: boolean;
  /** True if the file's text before the change says that it is generated; absent if unknown. */
  wasGenerated?: boolean;
  /** True if no program of the repository generates the file, even if its text claims that; absent if unknown. */
  isHandWritten?: boolean;
  /** True if a source file of the product names this file; absent if unknown. */
  isRead?: boolean;
  /** Lines of `after` that the change adds or alters. */
  changed: ReadonlySet<number>;
  /**
   * Removed text, with the line of `after` before which it stood. If that line is in `changed`, the text was replaced;
   * otherwise it was only removed.
   */
  removed: ReadonlyArray<{ line: number; text: string }>;
}

export interface UnitsOfFile {
  /** In line order. */
  units: Unit[];
  others: NotAUnit[];
  notes: string[];
}

export interface PerturbationsOfFile {
  perturbations: Perturbation[];
  /** New or changed tests without an expectation that can be changed. */
  without: Array<{ test: string; line: number }>;
  /** Changed assertions that check nothing. `says` completes a sentence about the test. */
  idle: Array<{ test: string; line: number; says: string }>;
  notes: string[];
}

/** Maximum number of units of one file. */
export const MAX_UNITS = 120;
/** Maximum number of perturbations of one test. */
export const MAX_PERTURBATIONS = 3;
/** Maximum size of a file in characters; larger files are not read. */
export const MAX_CHARS = 512 * 1024;

const MAX_DESCRIPTION_CHARS = 160;

/** Makes one line of at most 160 characters. */
export function describeBreak(text: string): string {
  const line = text.slice(0, 2_000).replace(/\s+/g, ' ').trim();
  return line.length <= MAX_DESCRIPTION_CHARS ? line : `${line.slice(0, MAX_DESCRIPTION_CHARS - 3)}...`;
}

export function applyEdit(text: string, { from, to, text: replacement }: Edit): string {
  return text.slice(0, from) + replacement + text.slice(to);
}

/** The edits must not overlap. They are applied from the end, so that earlier offsets stay valid. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits].sort((a, b) => b.from - a.from).reduce(applyEdit, text);
}

/**
 * Returns the text that the tests run on. It switches off TypeScript's type check: otherwise a break that changes a type would
 * fail in the compiler before any test ran, and would wrongly count as noticed.
 */
export function brokenText(path: string, text: string, ...edits: Edit[]): string {
  const broken = applyEdits(text, edits);
  if (!/\.[cm]?tsx?$/i.test(path)) return broken;
  const start = broken.startsWith('#!') ? broken.indexOf('\n') + 1 : 0;
  return `${broken.slice(0, start)}// @ts-nocheck\n${broken.slice(start)}`;
}
