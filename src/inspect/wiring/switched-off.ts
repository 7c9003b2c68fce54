/**
 * Finds switches that the change reads, that tests turn on and that the product's settings turn off: in production the
 * feature is off. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { changedPaths, isForTests, isProduct, linesOf, textBefore } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';

const SETTINGS =
  /(?:\.(?:json5?|jsonc|ya?ml|toml|properties|ini|conf|env)|(^|\/)\.env(?:\.(?:production|prod|live))?)$/;
const NO_SETTINGS =
  /(^|\/)(?:package(?:-lock)?\.json|composer\.json|[tj]sconfig[^/]*|pyproject\.toml|Cargo\.toml|[^/]*lock[^/]*|\.github\/.*|node_modules\/.*|(?:docs?|examples?|locales?|i18n)\/.*|[^/]*(?:test|spec|example|sample|dev|local|ci)[^/]*)$/i;
/** Values that turn a switch off. */
const OFF = /^(?:false|0|no|off|null|none|~|disabled|never)?$/i;
/** A line with one key and its value. */
const SET = /^\s*(?:-\s+)?(?:export\s+)?["']?([A-Za-z_][\w.-]{2,60})["']?\s*[:=]\s*(.*?)\s*,?\s*$/;
/** Key and value, if a line has several pairs. */
const PAIRS = /["']([A-Za-z_][\w.-]{2,60})["']\s*:\s*("[^"]{0,60}"|[\w.-]{1,20})/g;

interface Switch {
  key: string;
  isOff: boolean;
  path: string;
  line: number;
  text: string;
}

export function switchedOff(tree: DeliveredTree): DeliveredFact[] {
  const switches = changedPaths(tree)
    .filter(isSettings)
    .flatMap((path) => switchesIn(tree, path));
  const rows = tree.added.filter(({ path }) => isProduct(path));
  const words = wordsOf(rows);
  // A cheap first check: changed code reads few keys of a data file.
  const offSwitches = switches.filter(({ key, isOff }) => isOff && words.has(nameOf(key)));
  if (offSwitches.length === 0) return [];
  const keysOn = keysTurnedOn(tree);
  const users = new Map<string, string | undefined>();
  return offSwitches.flatMap(({ key, path, line, text }): DeliveredFact[] => {
    if (keysOn.has(key)) return [];
    const name = nameOf(key);
    if (!users.has(name)) users.set(name, isOld(tree, name) ? undefined : usersOf(tree, rows, name));
    const user = users.get(name);
    if (user === undefined) return [];
    const what = `turns "${key}" off, which ${user}: where the product runs, what was tested is off; turn it on`;
    return [{ path, line, what, text }];
  });
}

/** Describes which line reads the switch and which test turns it on. */
function usersOf(tree: DeliveredTree, rows: DeliveredTree['added'], name: string): string | undefined {
  const reads = new RegExp(`(?:\\.|["'\`{,]\\s{0,3})${name}\\b`);
  const reader = rows.find((row) => reads.test(row.text.slice(0, 500)));
  const test = reader === undefined ? undefined : turnedOn(tree, name);
  return reader === undefined || test === undefined
    ? undefined
    : `${reader.path}:${reader.line} reads and ${test} turns on`;
}

function isSettings(path: string): boolean {
  return SETTINGS.test(path) && !NO_SETTINGS.test(path) && !isForTests(path);
}

/** Returns the settings of a file that the change writes. */
function switchesIn(tree: DeliveredTree, path: string): Switch[] {
  const former = new Set(pairsIn(textBefore(tree, path)).map(({ key, value }) => `${key}=${value}`));
  return pairsIn(tree.after.get(path) ?? '')
    .filter(({ key, value }) => !former.has(`${key}=${value}`))
    .map(({ key, value, line, text }) => ({ key, isOff: OFF.test(value), path, line, text }));
}

function pairsIn(source: string): Array<{ key: string; value: string; line: number; text: string }> {
  return linesOf(source).flatMap((row, at) => {
    const text = row.slice(0, 1_000);
    if (/^\s*(?:#|\/\/|;)/.test(text)) return [];
    const pairs = [...text.matchAll(PAIRS)].map(([, key = '', value = '']) => [key, value]);
    const [, own, set] = SET.exec(text) ?? [];
    const all = pairs.length > 0 || own === undefined ? pairs : [[own, set ?? '']];
    // `key:` and `key: {` open a block.
    return all.flatMap(([key = '', value = '']) =>
      value === '' || /^[{[|>&]/.test(value)
        ? []
        : [{ key, value: value.replace(/^["']|["']$/g, ''), line: at + 1, text: row }],
    );
  });
}

/** Returns the keys that any settings of the product turn on. */
function keysTurnedOn({ after }: DeliveredTree): Set<string> {
  const pairs = [...after].flatMap(([path, text]) => (isSettings(path) ? pairsIn(text) : []));
  return new Set(pairs.flatMap(({ key, value }) => (OFF.test(value) ? [] : [key])));
}

/** True if a source contained the word before the change. */
function isOld(tree: DeliveredTree, name: string): boolean {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  const changed = new Set(tree.files.map(({ path }) => path));
  return (
    tree.files.some(({ path }) => word.test(textBefore(tree, path))) ||
    [...tree.after].some(([path, text]) => !changed.has(path) && isProduct(path) && word.test(text))
  );
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

/** Returns the words of the rows, also those with a dash. */
function wordsOf(rows: DeliveredTree['added']): Set<string> {
  return new Set(
    rows
      .map(({ text }) => text.slice(0, 500))
      .flatMap((text) => [...(text.match(/[\w-]+/g) ?? []), ...(text.match(/\w+/g) ?? [])]),
  );
}

/** Returns a test that turns the switch on, or the source if its default is on. */
function turnedOn({ after, files }: DeliveredTree, name: string): string | undefined {
  const given = new RegExp(`\\b${name}["'\`]?\\s*(?::|=>?|\\?\\?|\\|\\||,)\\s*["'\`]?([\\w-]{1,40})`, 'g');
  const changed = new Set(files.map(({ path }) => path));
  for (const [path, text] of after) {
    if (!text.includes(name) || !(isForTests(path) || (changed.has(path) && isProduct(path)))) continue;
    for (const [at, row] of linesOf(text).entries())
      for (const [, value = ''] of row.slice(0, 500).matchAll(given))
        if (/^(?:true|on|yes|1|enabled|always)$/i.test(value)) return `${path}:${at + 1}`;
  }
  return undefined;
}
