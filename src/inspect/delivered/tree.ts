/**
 * Defines the view of a change that the rules of this folder read: paths, added lines, and texts before and after the change. All of
 * it is loaded before a rule runs. Pure.
 */
import { isTestPath } from '../../domain/files';
import { CODE } from '../judges/graph';
import { cacheLast } from '../last-asked';
import { kindOf } from '../units/paths';
import type { RequestAndPlan } from './set-up/request-text';

/** A change, with the texts that the rules need. */
export interface DeliveredTree {
  /** Changed files. */
  files: ReadonlyArray<{ path: string; status: 'added' | 'modified' | 'deleted' }>;
  added: ReadonlyArray<{ path: string; line: number; text: string }>;
  /** All paths after the change. */
  paths: readonly string[];
  after: ReadonlyMap<string, string>;
  /** Texts of changed files before the change. Other files have the same text in `after`. */
  before: ReadonlyMap<string, string>;
  /** The command of the measured test run. */
  testCommand: readonly string[];
  /** True if the request has a build command. */
  isBuilt: boolean;
  /** Texts of the request and the plan; absent if they are not known. */
  asked?: RequestAndPlan;
}

/** Folders with code of other projects. */
const FOREIGN_FOLDER = /(^|\/)(?:node_modules|vendor|third_party|\.venv|site-packages)\//;
const TEST_FOLDER = /(^|\/)(?:__mocks__|__fixtures__|fixtures?|testdata|testing|conftest\.py|src\/test)(?:\/|$)/;
/** Tools, examples and settings that the repository contains in addition to the product. */
export const BESIDE_PRODUCT =
  /(^|\/)(?:bench(?:marks?)?|examples?|docs?|scripts?|tools?|stories|\.github|\.storybook)\/|\.stories\.\w+$|\.config\.\w+$|(^|\/)(?:setup|noxfile|conf)\.py$|(^|\/)build\.rs$/;

/** True for a source of the product, by its path: not a test, not a test helper, not a vendored file. */
export function isSource(path: string): boolean {
  return sourceByPath(path);
}

const sourceByPath = cacheLast(
  (path) => CODE.test(path) && !/\.d\.[cm]?ts$/.test(path) && !isForTests(path) && !FOREIGN_FOLDER.test(path),
);

const TEST_HELPERS =
  /(^|\/)(?:mocks?|stubs?|fakes|test[-_]?(?:utils?|helpers?|support|kit|data)|__snapshots__|cypress|playwright|storybook|dev)(?:\/|\.\w+$)|(^|\/)setup-?[tT]ests?\.\w+$/;

/** True for a source that runs in production: not a tool, not a setting, not a helper of tests. */
export function isProduct(path: string): boolean {
  return productByPath(path);
}

const productByPath = cacheLast(
  (path) => isSource(path) && !BESIDE_PRODUCT.test(path) && !TEST_HELPERS.test(path) && kindOf(path).kind !== 'none',
);

/** True for tests and for files in test folders. */
export function isForTests(path: string): boolean {
  return forTestsByPath(path);
}

const forTestsByPath = cacheLast((path) => isTestPath(path) || TEST_FOLDER.test(path));

const ADDED_LINES = new WeakMap<DeliveredTree['added'], Map<string, Set<number>>>();

/** Returns the line numbers of a file that the change adds. The first call groups the lines of all files. */
export function addedLines({ added }: DeliveredTree, path: string): ReadonlySet<number> {
  let lines = ADDED_LINES.get(added);
  if (lines === undefined) {
    lines = new Map();
    for (const one of added) {
      const linesOfFile = lines.get(one.path);
      if (linesOfFile === undefined) lines.set(one.path, new Set([one.line]));
      else linesOfFile.add(one.line);
    }
    ADDED_LINES.set(added, lines);
  }
  return lines.get(path) ?? new Set();
}

export function changedPaths({ files }: Pick<DeliveredTree, 'files'>): string[] {
  return files.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
}

/** Returns the text before the change; empty if the file did not exist. */
export function textBefore({ files, after, before }: DeliveredTree, path: string): string {
  const changed = CHANGED_PATHS.get(files) ?? new Set(files.map((one) => one.path));
  CHANGED_PATHS.set(files, changed);
  return (changed.has(path) ? before : after).get(path) ?? '';
}

const CHANGED_PATHS = new WeakMap<DeliveredTree['files'], ReadonlySet<string>>();

export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return text.includes('\r') ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines;
}

/** Returns the lines of a file that its text before the change does not contain. */
export function freshLines(tree: DeliveredTree, path: string): Array<{ line: number; text: string }> {
  const former = new Set(linesOf(textBefore(tree, path)));
  return linesOf(tree.after.get(path) ?? '').flatMap((text, at) => (former.has(text) ? [] : [{ line: at + 1, text }]));
}
