/**
 * What judges a change: tests, what only they read, settings of runners and what these name, and what commands run. Pure.
 *
 * Production never judges itself: a file that production uses is free, whatever it is called and wherever it lies.
 */
import { createData } from './data';
import { CODE, closure, graphOf, linksOf } from './graph';
import type { Graph, JudgedTree } from './graph';
import { createHelpers } from './helpers';
import { folderOf } from './resolve';
import { settingLeads } from './setting-leads';

export interface AskedTree extends JudgedTree {
  /** Files that the test command names, whatever they are. */
  testPrograms: readonly string[];
  /** Files that the other commands run: build, coverage, smoke test, deployment, rollback. */
  programs: readonly string[];
  /** Keys of package.json that configure runners. */
  manifestKeys: readonly string[];
}
export type Why = 'a test' | 'only tests read it' | 'settings of tests' | 'settings of tests name it' | 'a command runs it';
export interface Judges {
  /** Why a file of the tree judges; undefined for one that does not. */
  why(path: string): Why | undefined;
  /** True for a test, and for what only tests read: nothing of it is production. */
  isOfTests(path: string): boolean;
}

export function findJudges(tree: AskedTree): Judges {
  const links = linksOf(tree);
  const loaded = settingLeads(tree, links);
  const { testPrograms, programs } = tree;
  const graph = graphOf(tree, links, { testPrograms, loaded: [...loaded, ...programs] });
  const helpers = createHelpers(tree, graph);
  const isData = createData(tree, graph, helpers);
  const isProduct = (path: string): boolean => graph.production.has(path);
  const leadsToCode = (path: string): string[] => graph.leads(path).filter((next) => CODE.test(next));
  const named = closure(
    loaded.filter((path) => !helpers.isSubject(path)),
    (path) => leadsToCode(path).filter((next) => !graph.tested.has(next)),
    isProduct,
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
      if (found !== undefined || isProduct(path)) return found;
      if (testPrograms.includes(path) && !helpers.isSubject(path)) return 'a command runs it';
      if (tree.isSetting(path)) return 'settings of tests';
      if (named.has(path)) return 'settings of tests name it';
      return run.has(path) ? 'a command runs it' : undefined;
    },
  };
}

/** A word in the name of a program that is written to judge or to release. */
const JUDGING = /(?:^|[._-])(?:smoke|check|verify|health|deploy|rollback|release|ship|build|test|coverage|ci)/i;

/**
 * A smoke test may start the product itself: a program in a folder of sources is none of those that judge, unless its name says what
 * it is for. What it imports from its own folder judges with it.
 */
function programsOf({ programs, paths }: AskedTree, graph: Graph, isSubject: (path: string) => boolean): Set<string> {
  const { leads, production, tested } = graph;
  const isSource = (path: string): boolean => CODE.test(path) && (production.has(path) || isSubject(path));
  const isUsed = (path: string): boolean => tested.has(path) && isSource(path);
  const sources = new Set(paths.filter(isUsed).map(folderOf).filter(Boolean));
  const isJudging = (path: string): boolean => JUDGING.test(path.slice(path.lastIndexOf('/') + 1));
  const chosen = programs.filter(
    (path) => !production.has(path) && !tested.has(path) && (isJudging(path) || !sources.has(folderOf(path))),
  );
  const found = new Set(chosen);
  for (const path of found)
    for (const next of leads(path))
      if (!tested.has(next) && !isUsedElsewhere(next) && isBelow(folderOf(path), next)) found.add(next);
  return found;

  function isUsedElsewhere(path: string): boolean {
    return [...production].some((one) => one !== path && !found.has(one) && leads(one).includes(path));
  }
}

function isBelow(folder: string, path: string): boolean {
  return folder !== '' && path.startsWith(`${folder}/`);
}
