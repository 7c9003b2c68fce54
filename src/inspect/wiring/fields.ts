/**
 * Finds new fields that decide what code does, if tests set them and product code does not. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { changedPaths, isForTests, isProduct, textBefore } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import { OFF } from './only-tests-give';
import type { Starts } from './starts';
import type { Wiring } from './wiring';

/** Declarations of fields with an off value, by file; the group is the name. */
const DECLARATIONS: ReadonlyArray<readonly [file: RegExp, line: RegExp]> = [
  [/\.go$/, /^\s+([A-Z]\w{1,60})\s+(?:bool|u?int\w{0,2}|string|float\d\d)\s*(?:\/\/.*)?$/],
  [/\.rs$/, /^\s+pub(?:\(crate\))?\s+([a-z]\w{1,60})\s?:\s?(?:bool|[ui]\d{1,2}|[ui]size|String|f\d\d)\s*,/],
  [
    /\.(?:java|cs)$/,
    /^\s+(?:public\s|protected\s|internal\s|static\s|volatile\s){0,3}(?:boolean|bool|int|long|String|string)\s+(\w{2,60})\s*(?:=\s*(?:false|0|null|"")\s*)?;/,
  ],
  [
    /\.(?:[cm]?[jt]sx?|py)$/,
    /^\s+(?:this|self)\.([A-Za-z]\w{1,60})\s?(?::\s?\w{1,40}\s?)?=\s?(?:false|False|0|null|None|undefined|''|"")\s*;?\s*$/,
  ],
  [
    /\.(?:[cm]?[jt]sx?|py)$/,
    /^\s+(?:static\s|public\s)?([A-Za-z]\w{1,60})\s?(?::\s?\w{1,40}\s?)?=\s?(?:false|False)\s*;?\s*$/,
  ],
];

export function fieldsOfTests(tree: DeliveredTree, starts: Starts): Wiring {
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  const changed = new Set(changedPaths(tree).filter(isProduct));
  for (const row of tree.added.filter(({ path }) => changed.has(path))) {
    const name = DECLARATIONS.find(([file]) => file.test(row.path)) && declaredIn(row.path, row.text);
    if (name === undefined || isOld(tree, row.path, name)) continue;
    const test = settersOf(tree, name, isForTests)[0];
    if (test === undefined || settersOf(tree, name, isProduct).length > 0 || !isRead(tree, name)) continue;
    const what = `has the field ${name}, which tests set (${test}) and nothing that goes live does: there it is off; set it where the product runs`;
    if (starts.isReached(row.path) && !starts.isLibrary(row.path)) found.push({ ...row, what });
    else notes.push(`${row.path}:${row.line} ${what}`);
  }
  return { found, notes };
}

function declaredIn(path: string, text: string): string | undefined {
  return DECLARATIONS.flatMap(([file, line]) => (file.test(path) ? (line.exec(text.slice(0, 300))?.[1] ?? []) : []))[0];
}

/** True if a source contained the word before the change: other code may set the field in a way that no pattern finds. */
function isOld(tree: DeliveredTree, path: string, name: string): boolean {
  const changed = new Set(tree.files.map((one) => one.path));
  const word = new RegExp(`\\b${name}\\b`);
  if (word.test(textBefore(tree, path))) return true;
  return [...tree.after].some(
    ([one, text]) => !changed.has(one) && isProduct(one) && text.includes(name) && word.test(text),
  );
}

/** Returns the places that set the field to a value other than off, or may do so. */
function settersOf({ after }: DeliveredTree, name: string, isIncluded: (path: string) => boolean): string[] {
  const setsValue = new RegExp(
    `(?:\\.|->)${name}\\s*=(?!=)\\s*([^;,)]{1,80})|(?<![\\w.])${name}\\s*[:=](?![:=])\\s*([^;,})]{1,80})`,
  );
  const maySet = new RegExp(
    `&\\w{1,40}(?:\\.\\w{1,40}){0,3}\\.${name}\\b|(?:\\.|->)${name}\\s*(?:\\|\\||&&|\\?\\?|[-+|&])=|["'\`]${name}["'\`]|\\bmut\\b[^;]{0,60}\\.${name}\\b`,
  );
  return [...after].flatMap(([path, text]) => {
    if (!isIncluded(path) || !text.includes(name)) return [];
    return text.split('\n').flatMap((row, at) => {
      const line = row.slice(0, 500);
      if (!line.includes(name)) return [];
      if (maySet.test(line)) return [`${path}:${at + 1}`];
      const [, member, key] = setsValue.exec(line) ?? [];
      const value = (member ?? key)?.trim();
      if (value === undefined || declaredIn(path, line) !== undefined || OFF.test(value)) return [];
      // In a declaration, a type follows the name instead of a value.
      return /^(?:bool|boolean|int|i?u?\d{1,2}|[ui](?:8|16|32|64|size)|number|string|String|float)\b/.test(value)
        ? []
        : [`${path}:${at + 1}`];
    });
  });
}

function isRead(tree: DeliveredTree, name: string): boolean {
  const read = new RegExp(`(?:\\.|->)${name}\\b(?!\\s*=(?!=))`);
  return changedPaths(tree).some((path) => isProduct(path) && read.test(tree.after.get(path) ?? ''));
}
