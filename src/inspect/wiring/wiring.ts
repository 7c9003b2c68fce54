/**
 * Runs all rules that find tested code which production never runs. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { addedLines, changedPaths, isForTests, isProduct, isSource, textBefore } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import { createResolve } from '../judges/resolve';
import { createPauses } from '../pauses';
import { codeKindOf, isGenerated } from '../units/paths';
import { codeFactsOf } from './code-facts';
import type { CodeFacts } from './code-facts';
import { boundIn } from './named-things';
import type { Bound, Known } from './named-things';
import { unheardEvents } from './events';
import { fieldsOfTests } from './fields';
import { missingMembers } from './missing-members';
import { isTargetManifest, missingTargets } from './manifest-targets';
import { onlyTestsGive } from './only-tests-give';
import { startsOf } from './starts';
import { switchedOff } from './switched-off';
import { takenCallers } from './taken-callers';
import { uncalled } from './uncalled';
import { unreadAnswers } from './unread-answers';
import { unwaited } from './unwaited';

/** Limits of the number of parsed files and of the length of each. */
const MAX_FILES = 250;
const MAX_CHARS = 300_000;

export interface Wiring {
  found: DeliveredFact[];
  notes: string[];
}

/** True if a source of the product changes. The texts of all code are then needed to know which file calls it. */
export function asksWiring(tree: DeliveredTree): boolean {
  return changedSources(tree).length > 0 || tree.files.some(({ path }) => isTargetManifest(path));
}

export async function wiringOf(tree: DeliveredTree): Promise<Wiring> {
  const changed = changedSources(tree);
  const pause = createPauses();
  const targets = missingTargets(tree);
  await pause();
  targets.push(...(await takenCallers(tree)), ...switchedOff(tree));
  if (changed.length === 0) return { found: targets, notes: [] };
  const changedSet = new Set(changed);
  const known = await knownOf(tree, changed);
  const starts = await startsOf(tree);
  const asked = {
    tree,
    known,
    former: await formerOf(
      tree,
      [...known.facts.keys()].filter((path) => changedSet.has(path)),
    ),
    starts,
  };
  const rules = [
    () => unreadAnswers(tree, known, changed),
    () => missingMembers(tree, known, changed),
    () => unwaited(tree, known, changed),
  ];
  const found: DeliveredFact[] = [];
  for (const rule of rules) {
    found.push(...rule());
    await pause();
  }
  const rulesWithNotes = [
    () => onlyTestsGive(asked, changed),
    () => uncalled(asked, changed),
    () => fieldsOfTests(tree, starts),
    () => unheardEvents(tree, starts),
  ];
  const parts: Wiring[] = [];
  for (const rule of rulesWithNotes) {
    parts.push(rule());
    await pause();
  }
  return {
    found: [...targets, ...found, ...parts.flatMap((one) => one.found)],
    notes: parts.flatMap((one) => one.notes),
  };
}

async function formerOf(tree: DeliveredTree, changed: readonly string[]): Promise<Map<string, CodeFacts>> {
  const former = new Map<string, CodeFacts>();
  for (const path of changed) {
    const text = textBefore(tree, path);
    const facts = text === '' || text.length > MAX_CHARS ? undefined : await codeFactsOf(path, text);
    if (facts !== undefined) former.set(path, facts);
  }
  return former;
}

function changedSources(tree: DeliveredTree): string[] {
  return changedPaths(tree).filter((path) => isProduct(path) && codeKindOf(path).kind === 'tree');
}

/** Reads the changed sources first, then sources in the same languages, the nearest first. */
async function knownOf(tree: DeliveredTree, changed: readonly string[]): Promise<Known> {
  const resolve = createResolve(tree.paths, tree.after);
  const grammars = new Set(changed.map(grammarOf));
  const isChanged = new Set(changed);
  const otherSources = [...tree.after.keys()].filter(
    (path) => !isChanged.has(path) && (isSource(path) || isForTests(path)) && grammars.has(grammarOf(path)),
  );
  const boundByPath = new Map<string, Bound[]>();
  const paths = new Set(tree.paths);
  const bound = (path: string): Bound[] => {
    const found = boundByPath.get(path) ?? boundIn(path, tree.after.get(path) ?? '', { resolve, paths });
    boundByPath.set(path, found);
    return found;
  };
  const facts = new Map<string, CodeFacts>();
  const pause = createPauses();
  const stems = [...new Set(changed.map(stemOf))];
  const isNear = (path: string): boolean => stems.some((stem) => (tree.after.get(path) ?? '').includes(stem));
  // Changed files come first; if they reach the limit, no other file is read.
  const near = changed.length < MAX_FILES ? otherSources.filter(isNear) : [];
  const leads = new Set(
    changed
      .slice(0, MAX_FILES)
      .flatMap(bound)
      .map(({ file }) => file),
  );
  const ordered = [...otherSources.filter((path) => leads.has(path)), ...near, ...otherSources];
  for (const path of [...new Set([...changed, ...ordered])].slice(0, MAX_FILES)) {
    const text = tree.after.get(path) ?? '';
    if (text.length > MAX_CHARS || isGenerated(text)) continue;
    const found = await codeFactsOf(path, text, addedLines(tree, path));
    if (found !== undefined) facts.set(path, found);
    // Fills the cache for rules that need the names of all files.
    bound(path);
    await pause();
  }
  const mentions = (word: string): string[] =>
    [...tree.after].flatMap(([path, text]) => (text.includes(word) ? [path] : []));
  return { facts, bound, isLive: isProduct, mentions };
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
}

function grammarOf(path: string): string {
  const kind = codeKindOf(path);
  if (kind.kind !== 'tree') return '';
  return /^(?:tsx|typescript|javascript)$/.test(kind.grammar) ? 'script' : kind.grammar;
}
