/**
 * Finds conditions in changed lines of Rust: features that a build of the repository turns on or off, code that a
 * release build leaves out, and code included from files without the ending `.rs`. Pure.
 */
import { isObject } from '../../domain/json';
import { tomlOf } from '../origins/settings';
import { folderOf } from '../judges/resolve';
import { freshLines } from './tree';
import type { DeliveredTree } from './tree';

export interface Condition {
  line: number | null;
  what: string;
  text: string;
  showsWholeChange?: true;
}

const OTHER_BUILD = 'this code is in another build than the tested one';
const BUILD_FILE =
  /(?:^|\/)(?:[^/]*[mM]akefile|[^/]*Dockerfile[^/]*|[jJ]ustfile|package\.json|Cargo\.toml|config\.toml|Procfile)$|\.(?:sh|bash|mk|ya?ml|nix|md)$/;
const CARGO_WORD = /\bcargo\b|\bcross\b|\bmaturin\b|\bwasm-pack\b/;

export function rustConditions(tree: DeliveredTree, path: string): Condition[] {
  return freshLines(tree, path).flatMap(({ line, text }) => {
    if (/^\s*\/\//.test(text)) return [];
    const what = inclusionOf(text) ?? conditionOf(tree, path, text);
    return what === undefined ? [] : [{ line, text, what }];
  });
}

/** Returns the reason if the line includes code from a file without a file ending of Rust. */
function inclusionOf(text: string): string | undefined {
  const included = /\binclude!\s*[({[](.*)$/.exec(text)?.[1];
  if (included !== undefined && !/\.rs"|OUT_DIR/.test(included))
    return `takes code from ${/"([^"]*)"/.exec(included)?.[1] ?? 'another file'}, which has no name of code and is asked by no experiment`;
  const named = /#\[\s*path\s*=\s*"([^"]*)"/.exec(text)?.[1];
  if (named !== undefined && !named.endsWith('.rs'))
    return `takes a module from ${named}, which has no name of code and is asked by no experiment`;
  return undefined;
}

function conditionOf(tree: DeliveredTree, path: string, text: string): string | undefined {
  // `cfg_attr` sets derives, lints and documentation: it does not change what the code returns.
  const condition = /\bcfg(?:!\s*|\s*)\((.*)$/.exec(text.replace(/\bcfg_attr\b.*$/, ''))?.[1];
  if (condition === undefined) return undefined;
  if (/\bdebug_assertions\b/.test(condition)) return `depends on whether it is built for release; ${OTHER_BUILD}`;
  const custom = /^\s*(?:not\s*\(\s*)?([a-z_]\w*)\s*\)/.exec(condition)?.[1];
  if (custom !== undefined && setsCfg(tree, custom)) return `depends on --cfg ${custom}; ${OTHER_BUILD}`;
  for (const [, feature = ''] of condition.matchAll(/\bfeature\s*=\s*"([\w.+-]+)"/g)) {
    const what = featureCondition(tree, path, feature);
    if (what !== undefined) return what;
  }
  return undefined;
}

function featureCondition(tree: DeliveredTree, path: string, feature: string): string | undefined {
  const isOn = defaultFeatures(tree, path).has(feature);
  if (isOn && hasCargoOption(tree, /--no-default-features|default-features\s*=\s*false/))
    return `depends on the feature "${feature}", which a build of this repository turns off; ${OTHER_BUILD}`;
  if (isOn) return undefined;
  const isTested = tree.testCommand.some((word) => word === '--all-features' || word.split(/[=,\s]/).includes(feature));
  if (isTested) return undefined;
  return `depends on the feature "${feature}", which is off by default; ${OTHER_BUILD}`;
}

/** True if a build file of the repository passes such an option to cargo. */
function hasCargoOption({ after }: DeliveredTree, pattern: RegExp): boolean {
  return [...after].some(
    ([path, text]) =>
      BUILD_FILE.test(path) &&
      text.split('\n').some((row) => pattern.test(row) && (CARGO_WORD.test(row) || /default-features/.test(row))),
  );
}

function setsCfg({ after }: DeliveredTree, word: string): boolean {
  return [...after].some(
    ([path, text]) => BUILD_FILE.test(path) && new RegExp(`--cfg[\\s="',]{1,9}${word}\\b`).test(text),
  );
}

/** Returns the features that are on by default, and the features that these turn on. */
function defaultFeatures({ after }: DeliveredTree, path: string): Set<string> {
  let folder = folderOf(path);
  while (folder !== '' && !after.has(`${folder}/Cargo.toml`)) folder = folderOf(folder);
  const manifest = tomlOf(after.get(folder === '' ? 'Cargo.toml' : `${folder}/Cargo.toml`) ?? '')?.['features'];
  const features = isObject(manifest) ? manifest : {};
  const found = new Set(textsOf(features['default']));
  // The loop also visits features that are added during the loop.
  for (const one of found) for (const next of textsOf(features[one])) found.add(next);
  return found;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
