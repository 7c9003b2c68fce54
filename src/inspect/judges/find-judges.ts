/**
 * Finds the files that judge a change: tests, files that only tests read, test settings and files they name, and commands' programs. Pure.
 *
 * Production code never judges: a file that production uses may be changed, whatever its name or folder.
 */
import { createData } from './data';
import { CODE, graphOf, readLinks } from './graph';
import type { Graph, JudgedTree } from './graph';
import { createHelpers } from './helpers';
import { createPauses } from '../pauses';
import { folderOf } from './resolve';
import { settingLeads } from './setting-leads';

export interface TreeWithCommands extends JudgedTree {
  /** All files that the test command names. */
  testPrograms: readonly string[];
  /** Files that other commands run: build, coverage, smoke test, deployment, rollback. */
  programs: readonly string[];
  /** Keys of package.json that configure test runners. */
  manifestKeys: readonly string[];
}
export type Why =
  'a test' | 'only tests read it' | 'settings of tests' | 'settings of tests name it' | 'a command runs it';
export interface Judges {
  /** Returns why a file judges; undefined if it does not. */
  why(path: string): Why | undefined;
  /** True for a test and for a file that only tests read. */
  isOfTests(path: string): boolean;
}

/** Yields to the event loop while reading, and prepares everything slow, so that the returned functions are fast. */
export async function findJudges(tree: TreeWithCommands): Promise<Judges> {
  const links = await readLinks(tree);
  const pause = createPauses();
  const loaded = settingLeads(tree, links);
  const { testPrograms, programs } = tree;
  const graph = graphOf(tree, links, { testPrograms, loaded: [...loaded, ...programs] });
  await pause();
  const helpers = createHelpers(tree, graph);
  const isData = createData(tree, graph, helpers);
  const isProduct = (path: string): boolean => graph.production.has(path);
  const isFree = (path: string): boolean => isProduct(path) || helpers.isSubject(path);
  const named = withOwnImports(
    graph,
    loaded.filter((path) => !isFree(path)),
  );
  const run = programsOf(tree, graph, helpers.isSubject);
  const ofTests = (path: string): Why | undefined => {
    if (graph.tests.has(path)) return 'a test';
    if (isProduct(path)) return undefined;
    return (CODE.test(path) ? helpers.isHelper(path) : isData(path)) ? 'only tests read it' : undefined;
  };
  return {
    isOfTests: (path) => ofTests(path) !== undefined,
    why(path) {
      const found = ofTests(path);
      if (found !== undefined) return found;
      if (named.has(path)) return 'settings of tests name it';
      if (run.has(path)) return 'a command runs it';
      if (isProduct(path)) return undefined;
      if (testPrograms.includes(path) && !helpers.isSubject(path)) return 'a command runs it';
      return tree.isSetting(path) ? 'settings of tests' : undefined;
    },
  };
}

/** Matches the name of a program that judges or releases. */
const JUDGING = /(?:^|[._-])(?:smoke|check|verify|health|deploy|rollback|release|ship|build|test|coverage|ci)/i;

/**
 * A smoke test may start the product itself: a program in a source folder does not judge, unless its name says so. Modules that a
 * judging program imports from its own folder judge too.
 */
function programsOf(
  { programs, paths }: TreeWithCommands,
  graph: Graph,
  isSubject: (path: string) => boolean,
): Set<string> {
  const { production, tested } = graph;
  const isUsed = (path: string): boolean => tested.has(path) && CODE.test(path) && isSubject(path);
  const sources = new Set(paths.filter(isUsed).map(folderOf).filter(Boolean));
  const isJudging = (path: string): boolean => JUDGING.test(path.slice(path.lastIndexOf('/') + 1));
  const chosenPaths = programs.filter(
    (path) => !production.has(path) && !tested.has(path) && (isJudging(path) || !sources.has(folderOf(path))),
  );
  return withOwnImports(graph, chosenPaths);
}

/** Adds the code from their own folders that only these files import. */
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
