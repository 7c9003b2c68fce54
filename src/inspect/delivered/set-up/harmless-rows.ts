/**
 * Lines of files that set something up which nobody has to ask for: they come with the change of the code, or alter nothing that
 * runs. Pure.
 */
import { isHarmlessRemoval, isNewer } from '../deployment';
import { isSource } from '../tree';
import type { DeliveredTree } from '../tree';
import { isFineVariable, variableIn } from './variables';
import type { SetUpKind } from './kinds';
import { headingOf } from './rows';
import type { Row } from './rows';

export interface Beside {
  tree: DeliveredTree;
  kind: SetUpKind;
  path: string;
  /** All of the file after the change. */
  rows: readonly Row[];
  /** Those that are gone. */
  gone: readonly Row[];
  former: readonly Row[];
}

/** Describes, closes a block, or names a key whose values stand below it. */
const SAYS_NOTHING =
  /^(?:LABEL|MAINTAINER|EXPOSE|description\b|Description=|Documentation=|version:|appVersion:|Version:|\$schema:|[\])}]+[,;]?$|[[({]$|-{3}$|[\w.-]+:$|\[[\w.-]+\]$|then$|fi$|done$|esac$|else$)/i;
const SHELL_WORDS = /^(?:set -[euxo]+(?: pipefail)?|(?:echo|printf) [^>|;&$`]{0,400}|cd [\w./-]+)$/;

export function isFine(row: Row, beside: Beside): boolean {
  const { kind, gone, former } = beside;
  const { text } = row;
  if (SAYS_NOTHING.test(text)) return true;
  if (kind.name === 'policy') return isStrict(row, beside);
  if (kind.name === 'pipeline' && SHELL_WORDS.test(text)) return true;
  if (likeIt(gone, text).some((one) => isNewerVersion(one, text) || hasGrown(one, text))) return true;
  const variable = variableIn(row, beside.rows);
  if (variable !== undefined) return isFineVariable(variable, beside.tree);
  return isCopy(text, beside) || isOfList(row, beside, former);
}

const LIKE = new WeakMap<readonly Row[], Map<string, string[]>>();
const LIKE_LIMIT = 200;

/** Of the rows those that begin alike: only these say the same in another version. */
function likeIt(rows: readonly Row[], text: string): readonly string[] {
  const known = LIKE.get(rows) ?? new Map<string, string[]>();
  if (!LIKE.has(rows)) for (const one of rows) addTo(known, one.text);
  LIKE.set(rows, known);
  return known.get(beginOf(text)) ?? [];
}

function addTo(known: Map<string, string[]>, text: string): void {
  const others = known.get(beginOf(text)) ?? [];
  if (others.length < LIKE_LIMIT) others.push(text);
  known.set(beginOf(text), others);
}

function beginOf(text: string): string {
  return /^[^\s:=,[\]]*/.exec(text)?.[0].toLowerCase() ?? '';
}

const LOOSENS =
  /ignore|exclude|allow|skip|automerge|disabled?\b|enabled\W{1,4}false|limit\W{1,4}0\b|\bwarn\b|continue|\|\||exit 0|--no-verify/i;
const BOT = /(^|\/)(?:\.?renovate(?:rc)?(?:\.json5?)?|dependabot\.ya?ml|\.mergify\.ya?ml)$/;

/** A policy that says no more often; of a bot, whatever leaves nothing out. */
function isStrict(row: Row, { path, rows, gone }: Beside): boolean {
  if (/=\s?deny$/.test(row.text)) return true;
  if (likeIt(gone, row.text).some((one) => isNewerVersion(one, row.text))) return true;
  if (!BOT.test(path)) return false;
  const heading = headingOf(rows, row);
  return !LOOSENS.test(row.text) && !LOOSENS.test(heading?.text ?? '');
}

const VERSION = /\bv?\d{1,8}(?:\.\d{1,8}){0,3}\b/;
const HAS_VERSION = /version|image:|tag:|rev:|^FROM |^ARG |required_|uses:/i;

/** The same line with a higher version, or the same image in a newer one. */
function isNewerVersion(before: string, after: string): boolean {
  if (isHarmlessRemoval(before, [after]) && !/[;&|<>`$]/.test(after)) return true;
  if (!HAS_VERSION.test(before)) return false;
  const [old = '', now = ''] = [VERSION.exec(before)?.[0], VERSION.exec(after)?.[0]];
  const isSame = before.replace(VERSION, '') === after.replace(VERSION, '');
  return isSame && old !== '' && now !== '' && isNewer(old.replace(/^v/, ''), now.replace(/^v/, ''));
}

/** More words of a list, each the name of a file or a package. */
function hasGrown(before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) => text.split(/[\s,[\]]+/).filter((word) => word !== ''));
  if (old === undefined || now === undefined || old[0] !== now[0] || now.length <= old.length || old.length < 2)
    return false;
  const more = now.filter((word) => !old.includes(word));
  return old.every((word) => now.includes(word)) && more.every((word) => /^[\w./@+-]+\.\w{1,5}$/.test(word));
}

/** Files of the tree go into the image; what lies over a source is asked for by another rule. */
function isCopy(text: string, { kind, tree }: Beside): boolean {
  const [, what] = /^(?:COPY|ADD) ((?:--(?:chown|chmod|link)\S* )?[^-].*)$/i.exec(text) ?? [];
  if (kind.name !== 'image' || what === undefined) return false;
  const names = what
    .replace(/[[\],]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !word.startsWith('--'));
  return names.slice(0, -1).every((name) => isInTree(tree, name));
}

function isInTree({ paths }: DeliveredTree, name: string): boolean {
  const bare = name.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  if (bare === '' || bare === '.') return true;
  if (/[*?]/.test(bare)) return true;
  return paths.some((path) => path === bare || path.startsWith(`${bare}/`));
}

/** One more source where others stand: `- src/discount.js`. */
function isOfList({ text, indent }: Row, { tree }: Beside, former: readonly Row[]): boolean {
  const [, name] = /^(?:- )?([\w./@-]+\.\w{1,5})$/.exec(text) ?? [];
  if (name === undefined || !isSource(name) || !isInTree(tree, name)) return false;
  return former.some((one) => one.indent === indent && /^(?:- )?[\w./@-]+\.\w{1,5}$/.test(one.text));
}
