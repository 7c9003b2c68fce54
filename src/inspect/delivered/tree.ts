/**
 * A change as these rules see it: paths, added lines, and texts of both trees, which are read before a rule is asked. Pure.
 */
import { isTestPath } from '../../domain/files';
import { CODE } from '../judges/graph';
import { kindOf } from '../units/paths';
import type { Asked } from './set-up/spoken';

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
  return CODE.test(path) && !/\.d\.[cm]?ts$/.test(path) && !isForTests(path) && !FOREIGN.test(path);
}

const HELPS_TESTS =
  /(^|\/)(?:mocks?|stubs?|fakes|test[-_]?(?:utils?|helpers?|support|kit|data)|__snapshots__|cypress|playwright|storybook|dev)(?:\/|\.\w+$)|(^|\/)setup-?[tT]ests?\.\w+$/;

/** A source that runs where the product does: no tool, no setting, nothing that is written for tests. */
export function isProduct(path: string): boolean {
  return isSource(path) && !BESIDE.test(path) && !HELPS_TESTS.test(path) && kindOf(path).kind !== 'none';
}

export function isForTests(path: string): boolean {
  return isTestPath(path) || FOR_TESTS.test(path);
}

export function changedPaths({ files }: Pick<DeliveredTree, 'files'>): string[] {
  return files.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
}

/** Empty where the file was not there. */
export function textBefore({ files, after, before }: DeliveredTree, path: string): string {
  const isChanged = files.some((one) => one.path === path);
  return (isChanged ? before : after).get(path) ?? '';
}

export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/\r$/, ''));
}

/** Lines of a file that its former text does not have. */
export function freshLines(tree: DeliveredTree, path: string): Array<{ line: number; text: string }> {
  const former = new Set(linesOf(textBefore(tree, path)));
  return linesOf(tree.after.get(path) ?? '').flatMap((text, at) => (former.has(text) ? [] : [{ line: at + 1, text }]));
}
