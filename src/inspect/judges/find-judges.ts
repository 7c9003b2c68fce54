/**
 * Finds the files that judge a change: tests, files that only tests read, test settings, files that these name, and programs that the
 * commands run. Pure.
 *
 * Production code never judges: a file that production uses may be changed, whatever its name or folder.
 */
import { createIsTestData } from './data';
import { CODE, graphOf, readLinks } from './graph';
import type { Graph, JudgedTree } from './graph';
import { createHelpers } from './test-helpers';
import { createPauses } from '../pauses';
import { folderOf } from './resolve';
import { filesNamedBySettings } from './setting-leads';

export interface TreeWithCommands extends JudgedTree {
  /** All files that the test command names. */
  testPrograms: readonly string[];
  /** Files that other commands run: build, coverage, smoke test, deployment, rollback. */
  programs: readonly string[];
  /** Keys of package.json that configure test runners. */
  manifestKeys: readonly string[];
}
export type JudgeReason =
  'a test' | 'only tests read it' | 'settings of tests' | 'settings of tests name it' | 'a command runs it';
export interface Judges {
  /** Returns why a file judges; undefined if it does not. */
  why(path: string): JudgeReason | undefined;
  /** True for a test and for a file that only tests read. */
  isOfTests(path: string): boolean;
}

/** Yields to the event loop while reading, and prepares everything slow, so that the returned functions are fast. */
export async function findJudges(tree: TreeWithCommands): Promise<Judges> {
  const links = await readLinks(tree);
  const pause = createPauses();
  const loaded = filesNamedBySettings(tree, links);
  const { testPrograms, programs } = tree;
  const graph = graphOf(tree, links, { testPrograms, loaded: [...loaded, ...programs] });
  await pause();
  const helpers = createHelpers(tree, graph);
  const isData = createIsTestData(tree, graph, helpers);
  const isProduct = (path: string): boolean => graph.production.has(path);
  const isProductOrSubject = (path: string): boolean => isProduct(path) || helpers.isSubject(path);
  const namedBySettings = withOwnImports(
    graph,
    loaded.filter((path) => !isProductOrSubject(path)),
  );
  const judgingPrograms = programsOf(tree, graph, helpers.isSubject);
  const reasonByTests = (path: string): JudgeReason | undefined => {
    if (graph.tests.has(path)) return 'a test';
    if (isProduct(path)) return undefined;
    return (CODE.test(path) ? helpers.isHelper(path) : isData(path)) ? 'only tests read it' : undefined;
  };
  return {
    isOfTests: (path) => reasonByTests(path) !== undefined,
    why(path) {
      const found = reasonByTests(path);
      if (found !== undefined) return found;
      if (namedBySettings.has(path)) return 'settings of tests name it';
      if (judgingPrograms.has(path)) return 'a command runs it';
      if (isProduct(path)) return undefined;
      if (testPrograms.includes(path) && !helpers.isSubject(path)) return 'a command runs it';
      return tree.isSetting(path) ? 'settings of tests' : undefined;
    },
  };
}

/** A name of a program that judges or releases. */
const JUDGING_NAME = /(?:^|[._-])(?:smoke|check|verify|health|deploy|rollback|release|ship|build|test|coverage|ci)/i;

/**
 * Returns the programs of commands that judge, and the modules that they import from their own folders. A program in a source folder
 * judges only if its name says so, because a smoke test may start the product itself.
 */
function programsOf(
  { programs, paths }: TreeWithCommands,
  graph: Graph,
  isSubject: (path: string) => boolean,
): Set<string> {
  const { production, tested } = graph;
  const isUsed = (path: string): boolean => tested.has(path) && CODE.test(path) && isSubject(path);
  const sources = new Set(paths.filter(isUsed).map(folderOf).filter(Boolean));
  const isJudging = (path: string): boolean => JUDGING_NAME.test(path.slice(path.lastIndexOf('/') + 1));
  const chosenPaths = programs.filter(
    (path) => !production.has(path) && !tested.has(path) && (isJudging(path) || !sources.has(folderOf(path))),
  );
  return withOwnImports(graph, chosenPaths);
}

/** Returns the files, and the code in their own folders that only they import. */
function withOwnImports({ leads, production, tested }: Graph, roots: readonly string[]): Set<string> {
  const found = new Set(roots);
  const users = new Map<string, string[]>();
  if (roots.length > 0)
    for (const user of production) if (CODE.test(user)) for (const path of leads(user)) addTo(users, path, user);
  const isUsedElsewhere = (path: string): boolean => (users.get(path) ?? []).some((one) => !found.has(one));
  for (const path of found)
    for (const next of leads(path))
      if (CODE.test(next) && isBelow(folderOf(path), next) && !tested.has(next) && !isUsedElsewhere(next))
        found.add(next);
  return found;
}

function addTo(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function isBelow(folder: string, path: string): boolean {
  return folder !== '' && path.startsWith(`${folder}/`);
}
