/**
 * Decides which changed rows of set-up files are harmless, so that the request need not mention them: rows that belong to the
 * change of the code, or that alter nothing that runs. Pure.
 */
import { isHarmlessRemoval, isNewer } from '../deployment';
import { isSource } from '../tree';
import type { DeliveredTree } from '../tree';
import { isHarmlessVariable, variableIn } from './variables';
import type { SetUpKind } from './kinds';
import { headingOf } from './rows';
import type { Row } from './rows';

/** A row's surroundings: the change and the file. */
export interface RowContext {
  tree: DeliveredTree;
  kind: SetUpKind;
  path: string;
  /** All rows of the file after the change. */
  rows: readonly Row[];
  /** Rows that the change removes. */
  removedRows: readonly Row[];
  /** All rows of the file before the change. */
  rowsBefore: readonly Row[];
}

/** Rows that only describe, close a block, or name a key whose values follow. */
const WITHOUT_EFFECT =
  /^(?:LABEL|MAINTAINER|EXPOSE|description\b|Description=|Documentation=|version:|appVersion:|Version:|\$schema:|[\])}]+[,;]?$|[[({]$|-{3}$|[\w.-]+:$|\[[\w.-]+\]$|then$|fi$|done$|esac$|else$)/i;
const SHELL_WORDS = /^(?:set -[euxo]+(?: pipefail)?|(?:echo|printf) [^>|;&$`]{0,400}|cd [\w./-]+)$/;

/** True if the row may change without being mentioned. */
export function isHarmlessRow(row: Row, context: RowContext): boolean {
  const { kind, removedRows, rowsBefore } = context;
  const { text } = row;
  if (WITHOUT_EFFECT.test(text)) return true;
  if (kind.name === 'policy') return isStrictPolicy(row, context);
  if (kind.name === 'pipeline' && SHELL_WORDS.test(text)) return true;
  if (similarRows(removedRows, text).some((one) => isNewerVersion(one, text) || isExtendedList(one, text))) return true;
  const variable = variableIn(row, context.rows);
  if (variable !== undefined) return isHarmlessVariable(variable, context.tree);
  return isCopy(text, context) || isListedSource(row, context, rowsBefore);
}

const SIMILAR_ROWS = new WeakMap<readonly Row[], Map<string, string[]>>();
const MAX_SIMILAR_ROWS = 200;

/** Returns the rows that begin with the same word: only these can be an older version of the row. */
function similarRows(rows: readonly Row[], text: string): readonly string[] {
  const known = SIMILAR_ROWS.get(rows) ?? new Map<string, string[]>();
  if (!SIMILAR_ROWS.has(rows)) for (const one of rows) addTo(known, one.text);
  SIMILAR_ROWS.set(rows, known);
  return known.get(firstWord(text)) ?? [];
}

function addTo(known: Map<string, string[]>, text: string): void {
  const others = known.get(firstWord(text)) ?? [];
  if (others.length < MAX_SIMILAR_ROWS) others.push(text);
  known.set(firstWord(text), others);
}

function firstWord(text: string): string {
  return /^[^\s:=,[\]]*/.exec(text)?.[0].toLowerCase() ?? '';
}

const LOOSER_WORDS =
  /ignore|exclude|allow|skip|automerge|disabled?\b|enabled\W{1,4}false|limit\W{1,4}0\b|\bwarn\b|continue|\|\||exit 0|--no-verify/i;
const DEPENDENCY_BOT = /(^|\/)(?:\.?renovate(?:rc)?(?:\.json5?)?|dependabot\.ya?ml|\.mergify\.ya?ml)$/;

/** True for a row that makes a policy stricter, and for a row of a dependency bot that excludes nothing. */
function isStrictPolicy(row: Row, { path, rows, removedRows }: RowContext): boolean {
  if (/=\s?deny$/.test(row.text)) return true;
  if (similarRows(removedRows, row.text).some((one) => isNewerVersion(one, row.text))) return true;
  if (!DEPENDENCY_BOT.test(path)) return false;
  const heading = headingOf(rows, row);
  return !LOOSER_WORDS.test(row.text) && !LOOSER_WORDS.test(heading?.text ?? '');
}

const VERSION = /\bv?\d{1,8}(?:\.\d{1,8}){0,3}\b/;
const HAS_VERSION = /version|image:|tag:|rev:|^FROM |^ARG |required_|uses:/i;

/** True for the same line, or the same image, with a higher version. */
function isNewerVersion(before: string, after: string): boolean {
  if (isHarmlessRemoval(before, [after]) && !/[;&|<>`$]/.test(after)) return true;
  if (!HAS_VERSION.test(before)) return false;
  const [old = '', now = ''] = [VERSION.exec(before)?.[0], VERSION.exec(after)?.[0]];
  const isSame = before.replace(VERSION, '') === after.replace(VERSION, '');
  return isSame && old !== '' && now !== '' && isNewer(old.replace(/^v/, ''), now.replace(/^v/, ''));
}

/** True for a list with additional names of files or packages. */
function isExtendedList(before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) => text.split(/[\s,[\]]+/).filter((word) => word !== ''));
  if (old === undefined || now === undefined || old[0] !== now[0] || now.length <= old.length || old.length < 2)
    return false;
  const more = now.filter((word) => !old.includes(word));
  return old.every((word) => now.includes(word)) && more.every((word) => /^[\w./@+-]+\.\w{1,5}$/.test(word));
}

/** True for a step that copies repository files into an image. `overlays.ts` reports copies that replace a source. */
function isCopy(text: string, { kind, tree }: RowContext): boolean {
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

/** True for a source added to a list of sources, such as `- src/discount.js`. */
function isListedSource({ text, indent }: Row, { tree }: RowContext, former: readonly Row[]): boolean {
  const [, name] = /^(?:- )?([\w./@-]+\.\w{1,5})$/.exec(text) ?? [];
  if (name === undefined || !isSource(name) || !isInTree(tree, name)) return false;
  return former.some((one) => one.indent === indent && /^(?:- )?[\w./@-]+\.\w{1,5}$/.test(one.text));
}
