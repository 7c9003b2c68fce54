/**
 * A change as these rules see it: paths, added lines, and texts of both trees, which are read before a rule is asked. Pure.
 */
import { isTestPath } from '../../domain/files';
import { CODE } from '../judges/graph';
import { lastAsked } from '../last-asked';
import { kindOf } from '../units/paths';
import type { Asked } from './set-up/request-text';

export interface DeliveredTree {
  /** Changed files. */
  files: ReadonlyArray<{ path: string; status: 'added' | 'modified' | 'deleted' }>;
  added: ReadonlyArray<{ path: string; line: number; text: string }>;
  /** All paths after the change. */
  paths: readonly string[];
  after: ReadonlyMap<string, string>;
  /** Of changed files only; elsewhere the texts are those of `after`. */
  before: ReadonlyMap<string, string>;
  /** Of the run that was measured. */
  testCommand: readonly string[];
  /** The request says how the project is built. */
  isBuilt: boolean;
  /** What the sentence and the plan say; absent: nothing is known of them. */
  asked?: Asked;
}

const FOREIGN = /(^|\/)(?:node_modules|vendor|third_party|\.venv|site-packages)\//;
const FOR_TESTS = /(^|\/)(?:__mocks__|__fixtures__|fixtures?|testdata|testing|conftest\.py|src\/test)(?:\/|$)/;
/** Tools beside the product. */
export const BESIDE =
  /(^|\/)(?:bench(?:marks?)?|examples?|docs?|scripts?|tools?|stories|\.github|\.storybook)\/|\.stories\.\w+$|\.config\.\w+$|(^|\/)(?:setup|noxfile|conf)\.py$|(^|\/)build\.rs$/;

/** A source of the product by its name: no test, no helper of tests, nobody else's. */
export function isSource(path: string): boolean {
  return saysSource(path);
}

const saysSource = lastAsked(
  (path) => CODE.test(path) && !/\.d\.[cm]?ts$/.test(path) && !isForTests(path) && !FOREIGN.test(path),
);

const HELPS_TESTS =
  /(^|\/)(?:mocks?|stubs?|fakes|test[-_]?(?:utils?|helpers?|support|kit|data)|__snapshots__|cypress|playwright|storybook|dev)(?:\/|\.\w+$)|(^|\/)setup-?[tT]ests?\.\w+$/;

/** A source that runs where the product does: no tool, no setting, nothing that is written for tests. */
export function isProduct(path: string): boolean {
  return saysProduct(path);
}

const saysProduct = lastAsked(
  (path) => isSource(path) && !BESIDE.test(path) && !HELPS_TESTS.test(path) && kindOf(path).kind !== 'none',
);

export function isForTests(path: string): boolean {
  return saysForTests(path);
}

const saysForTests = lastAsked((path) => isTestPath(path) || FOR_TESTS.test(path));

const LINES = new WeakMap<DeliveredTree['added'], Map<string, Set<number>>>();

/** Lines of a file that the change adds. All files are read when the first one is asked for. */
export function addedLines({ added }: DeliveredTree, path: string): ReadonlySet<number> {
  let lines = LINES.get(added);
  if (lines === undefined) {
    lines = new Map();
    for (const one of added) {
      const own = lines.get(one.path);
      if (own === undefined) lines.set(one.path, new Set([one.line]));
      else own.add(one.line);
    }
    LINES.set(added, lines);
  }
  return lines.get(path) ?? new Set();
}

export function changedPaths({ files }: Pick<DeliveredTree, 'files'>): string[] {
  return files.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
}

/** Empty where the file was not there. */
export function textBefore({ files, after, before }: DeliveredTree, path: string): string {
  const changed = CHANGED.get(files) ?? new Set(files.map((one) => one.path));
  CHANGED.set(files, changed);
  return (changed.has(path) ? before : after).get(path) ?? '';
}

const CHANGED = new WeakMap<DeliveredTree['files'], ReadonlySet<string>>();

export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return text.includes('\r') ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines;
}

/** Lines of a file that its former text does not have. */
export function freshLines(tree: DeliveredTree, path: string): Array<{ line: number; text: string }> {
  const former = new Set(linesOf(textBefore(tree, path)));
  return linesOf(tree.after.get(path) ?? '').flatMap((text, at) => (former.has(text) ? [] : [{ line: at + 1, text }]));
}
