/**
 * Finds the files that test settings name: set-up files, environments, reporters, presets, and settings that they extend. Pure.
 */
import { CODE } from './graph';
import type { Links } from './graph';
import type { TreeWithCommands } from './find-judges';
import { tokensOf } from '../imports/js-tokens';
import { manifestOf } from './resolve';

/** Keys under which settings name files that the runner loads into the test run. Files under other keys are code under test. */
const LOADING_KEY =
  /setup|teardown|require|import|load|environment|reporter|runner|transform|serializer|resolver|preset|extends|plugin|sequencer|processor|mapper|helper|node-?(?:options|arguments|args)|addopts|^file$|^p$|^r$|bootstrap|project|workspace|tsconfig|^config$|hooks|fixtures/i;
const JSON_OR_SCRIPT = /\.(?:json5?|jsonc|[cm]?[jt]s)$|(?:^|\/)\.[a-z]+rc$/;

export function filesNamedBySettings(tree: TreeWithCommands, { leads, resolve }: Links): string[] {
  const settings = tree.paths.filter((path) => tree.isSetting(path) && !path.includes('node_modules/'));
  const isWanted = (path: string): boolean => CODE.test(path) || /\.(?:json|ya?ml|toml|cfg|ini)$/.test(path);
  const resolveNames = (path: string, texts: string[]): string[] =>
    texts.flatMap((text) =>
      [resolve.named(path, text).file ?? [], resolve.named(path, `${text}.json`).file ?? []].flat(),
    );
  const found = settings.flatMap((path) => [
    ...resolveNames(path, namesLoadedBy(path, tree.texts.get(path) ?? '')),
    // A settings file may import parts of itself; a settings file in the source folder leads to production code.
    ...leads(path).filter((one) => CODE.test(one) && !/(?:^|\/)src\//.test(one)),
  ]);
  const manifests = tree.paths.filter((path) => path.endsWith('package.json') && !path.includes('node_modules/'));
  const foundInManifests = manifests.flatMap((path) => {
    const manifest = manifestOf(tree.texts.get(path) ?? '');
    const part = Object.fromEntries(tree.manifestKeys.map((key) => [key, manifest[key]]));
    return resolveNames(path, namesLoadedBy('a.json', JSON.stringify(part)));
  });
  return [...new Set([...found, ...foundInManifests])].filter((path) => isWanted(path) && !isUsedByBuild(path));
}

/** True for a file that a build uses, too. */
const isUsedByBuild = (path: string): boolean => /(?:^|\/)(?:package|tsconfig)\.json$/.test(path);

function namesLoadedBy(path: string, text: string): string[] {
  return JSON_OR_SCRIPT.test(path) && !/^\s*[\w-]+:\s/.test(text) ? namesInTokens(text) : namesInLines(text);
}

/** Returns the texts under the keys of `LOADS`: each text belongs to the last key before it. */
function namesInTokens(text: string): string[] {
  const tokens = tokensOf(text);
  let key = '';
  return tokens.flatMap(({ kind, value }, at) => {
    const isKey = kind !== 'sign' && tokens[at + 1]?.value === ':';
    if (isKey) key = value;
    return !isKey && kind === 'text' && LOADING_KEY.test(key) ? pathsIn(value) : [];
  });
}

function namesInLines(text: string): string[] {
  let key = '';
  return text.split('\n').flatMap((line) => {
    const [, found] = /^\s*(?:-\s+)?([\w.-]+)\s*[:=]/.exec(line) ?? [];
    // In mocha.opts and .rspec the key is an option: `--require ./test/setup.js`.
    key = found ?? /^\s*(?:--?([\w-]+))/.exec(line)?.[1] ?? key;
    return LOADING_KEY.test(key)
      ? line
          .slice(0, 2_000)
          .split(/[\s'",[\]=:]+/)
          .flatMap(pathsIn)
      : [];
  });
}

/** Splits a value into words, since it may be a list of arguments. For a Python module such as `a.b` it adds the path `a/b.py`. */
function pathsIn(value: string): string[] {
  const words = value.split(/[\s=]+/).filter((word) => word.length > 2 && word.length < 400);
  return words.flatMap((word) => (/^\w+(?:\.\w+)+$/.test(word) ? [word, `${word.replaceAll('.', '/')}.py`] : [word]));
}
