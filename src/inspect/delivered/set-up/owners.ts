/**
 * Finds reviewers that a change of CODEOWNERS removes, and merge drivers in .gitattributes that settle conflicts silently. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { isWrittenLock } from '../../packages/managers';
import { createIgnoreRule } from '../ignore-rules';
import { changedPaths, freshLines, isSource, linesOf, textBefore } from '../tree';
import type { DeliveredTree } from '../tree';
import { isMentioned } from './request-text';

const OWNERS = /^(?:\.github\/|\.gitlab\/|docs\/)?CODEOWNERS$/;
/** Paths of CODEOWNERS in the order of precedence: only the first that exists counts. */
const PLACES = ['.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
const OWNER_WORDS = /\b(?:code ?owners?|owners?|reviewers?)\b/i;
const REMEDY = 'neither the request nor the plan mentions it: undo it, name it in the plan, or let a person approve it';

interface Rule {
  line: number;
  text: string;
  pattern: string;
  owners: string[];
  fits(path: string): boolean;
}

/** Finds the first path that loses an owner. */
export function findLostOwners(tree: DeliveredTree): DeliveredFact[] {
  const changed = tree.files.filter(({ path }) => OWNERS.test(path));
  if (changed.length === 0 || changed.every(({ path }) => isMentioned(tree.asked, path, OWNER_WORDS))) return [];
  const added = new Set(tree.files.filter(({ status }) => status === 'added').map(({ path }) => path));
  const deleted = tree.files.filter(({ status }) => status === 'deleted').map(({ path }) => path);
  const before = ownersFile([...tree.paths.filter((path) => !added.has(path)), ...deleted]);
  if (before === undefined) return [];
  const after = ownersFile(tree.paths);
  const rulesBefore = rulesOf(textBefore(tree, before));
  const rulesAfter = after === undefined ? [] : rulesOf(tree.after.get(after) ?? '');
  for (const path of [...tree.paths, ...rulesAfter.map(({ pattern }) => exampleOf(pattern))]) {
    const owners = decidingRule(rulesBefore, path)?.owners ?? [];
    const rule = decidingRule(rulesAfter, path);
    const lostOwnerNames = owners.filter((one) => !(rule?.owners ?? []).includes(one));
    if (lostOwnerNames.length === 0) continue;
    const what = `removes ${lostOwnerNames.join(' and ')} from the reviewers of ${path}; ${REMEDY}`;
    return [{ path: after ?? before, line: rule?.line ?? null, what, text: rule?.text ?? '', showsWholeChange: true }];
  }
  return [];
}

function ownersFile(paths: readonly string[]): string | undefined {
  return PLACES.find((place) => paths.includes(place));
}

function rulesOf(text: string): Rule[] {
  return linesOf(text).flatMap((line, at) => {
    const [pattern = '', ...owners] = line
      .replace(/\s#.*$/, '')
      .trim()
      .split(/\s+/);
    if (pattern === '' || /^[#[^]/.test(pattern)) return [];
    return [{ line: at + 1, text: line, pattern, owners, fits: createIgnoreRule(pattern, '') }];
  });
}

/** Returns a path that the pattern matches, for files that do not exist yet. */
function exampleOf(pattern: string): string {
  return pattern
    .replace(/^\//, '')
    .replace(/\/$/, '/a')
    .replaceAll(/\*{1,2}/g, 'a');
}

/** Returns the last rule that matches the path: it decides. */
function decidingRule(rules: readonly Rule[], path: string): Rule | undefined {
  return rules.findLast(({ fits }) => fits(path));
}

const MERGE = /(?:^|\s)merge=(?!text(?:\s|$))\S+/;
const DATA = /\.(?:json5?|ya?ml|toml|sql|tf|xml|properties|gradle|html?|vue|svelte|sh)$/i;

/**
 * Finds merge drivers such as `union` and `ours`, which settle a conflict silently. Only those for code and data are reported: for a
 * changelog they are usual.
 */
export function findSilentMerges(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree)
    .filter((path) => /(^|\/)\.gitattributes$/.test(path))
    .flatMap((path) =>
      freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
        const [pattern = ''] = text.trim().split(/\s+/);
        const driver = MERGE.exec(text)?.[0].trim();
        if (pattern === '' || pattern.startsWith('#') || driver === undefined) return [];
        if (isMentioned(tree.asked, path, /\bmerg(?:e|es|ing)\b|\bgit ?attributes\b/i)) return [];
        const fits = pattern.startsWith('[attr]')
          ? () => true
          : createIgnoreRule(pattern, folderOf(path), { isAttribute: true });
        const file = tree.paths.find((one) => fits(one) && (isSource(one) || (DATA.test(one) && !isWrittenLock(one))));
        if (file === undefined) return [];
        const what = `sets ${driver} for ${file}: git settles later conflicts there silently; ${REMEDY}`;
        return [{ path, line, what, text, showsWholeChange: true }];
      }),
    );
}
