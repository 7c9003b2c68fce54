/**
 * Finds the files that test settings name: set-up files, environments, reporters, presets, and settings that they extend. Pure.
 */
import { CODE } from './graph';
import type { Links } from './graph';
import type { TreeWithCommands } from './find-judges';
import { tokensOf } from '../imports/js-tokens';
import { manifestOf } from './resolve';

/** Keys whose files are loaded into the test run. Files under other keys are only code under test. */
const LOADS =
  /setup|teardown|require|import|load|environment|reporter|runner|transform|serializer|resolver|preset|extends|plugin|sequencer|processor|mapper|helper|node-?(?:options|arguments|args)|addopts|^file$|^p$|^r$|bootstrap|project|workspace|tsconfig|^config$|hooks|fixtures/i;
const JSON_OR_SCRIPT = /\.(?:json5?|jsonc|[cm]?[jt]s)$|(?:^|\/)\.[a-z]+rc$/;

export function settingLeads(tree: TreeWithCommands, { leads, resolve }: Links): string[] {
  const settings = tree.paths.filter((path) => tree.isSetting(path) && !path.includes('node_modules/'));
  const isWanted = (path: string): boolean => CODE.test(path) || /\.(?:json|ya?ml|toml|cfg|ini)$/.test(path);
  const named = (path: string, texts: string[]): string[] =>
    texts.flatMap((text) =>
      [resolve.named(path, text).file ?? [], resolve.named(path, `${text}.json`).file ?? []].flat(),
    );
  const found = settings.flatMap((path) => [
    ...named(path, loadedBy(path, tree.texts.get(path) ?? '')),
    // A settings file may import parts of itself; a settings file in the source folder leads to production code.
    ...leads(path).filter((one) => CODE.test(one) && !/(?:^|\/)src\//.test(one)),
  ]);
  const manifests = tree.paths.filter((path) => path.endsWith('package.json') && !path.includes('node_modules/'));
  const ofManifests = manifests.flatMap((path) => {
    const manifest = manifestOf(tree.texts.get(path) ?? '');
    const part = Object.fromEntries(tree.manifestKeys.map((key) => [key, manifest[key]]));
    return named(path, loadedBy('a.json', JSON.stringify(part)));
  });
  return [...new Set([...found, ...ofManifests])].filter((path) => isWanted(path) && !isShared(path));
}

/** Files that a build uses too. */
const isShared = (path: string): boolean => /(?:^|\/)(?:package|tsconfig)\.json$/.test(path);

function loadedBy(path: string, text: string): string[] {
  return JSON_OR_SCRIPT.test(path) && !/^\s*[\w-]+:\s/.test(text) ? loadedByTokens(text) : loadedByLines(text);
}

/** All texts after a key and its colon, up to the next key, belong to the key. */
function loadedByTokens(text: string): string[] {
  const tokens = tokensOf(text);
  let key = '';
  return tokens.flatMap(({ kind, value }, at) => {
    const isKey = kind !== 'sign' && tokens[at + 1]?.value === ':';
    if (isKey) key = value;
    return !isKey && kind === 'text' && LOADS.test(key) ? partsIn(value) : [];
  });
}

function loadedByLines(text: string): string[] {
  let key = '';
  return text.split('\n').flatMap((line) => {
    const [, found] = /^\s*(?:-\s+)?([\w.-]+)\s*[:=]/.exec(line) ?? [];
    // Also read `--require ./test/setup.js` in mocha.opts and .rspec.
    key = found ?? /^\s*(?:--?([\w-]+))/.exec(line)?.[1] ?? key;
    return LOADS.test(key)
      ? line
          .slice(0, 2_000)
          .split(/[\s'",[\]=:]+/)
          .flatMap(partsIn)
      : [];
  });
}

/** Splits a value into words, since it may be an argument list; a Python module may be named with dots. */
function partsIn(value: string): string[] {
  const words = value.split(/[\s=]+/).filter((word) => word.length > 2 && word.length < 400);
  return words.flatMap((word) => (/^\w+(?:\.\w+)+$/.test(word) ? [word, `${word.replaceAll('.', '/')}.py`] : [word]));
}
