/**
 * Imports that the change adds to the product and that lead to files of the tests, which are not delivered. Pure.
 *
 * A folder is one of tests by what lies in it: a product may have a part that is named so.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { JS_FILE } from '../imports/js-imports';
import { NAMED_AS_TEST, HOLDS_TESTS } from '../judges/graph';
import { referencesOf } from '../judges/references';
import { createResolve, folderOf } from '../judges/resolve';
import { isLeftByTypes } from './not-live';
import { changedPaths, isProduct, linesOf, textBefore } from './tree';
import type { DeliveredTree } from './tree';

const FOLDER = /^(?:tests?|__tests__|specs?|e2e|__mocks__|__fixtures__|fixtures?|testdata)$/i;
const HELPERS = /^(?:__tests__|__mocks__|__fixtures__|fixtures?|testdata)$/i;

export function fromTests(tree: DeliveredTree): DeliveredFact[] {
  const changed = changedPaths(tree).filter((path) => isProduct(path) && /\.(?:[cm]?[jt]sx?|py|rb)$/.test(path));
  if (changed.length === 0) return [];
  const resolve = createResolve(tree.paths, tree.after);
  const isOfTests = ofTests(tree);
  const leadsOf = (path: string, text: string): Array<[string, string]> =>
    referencesOf(path, text).imports.flatMap((name) =>
      resolve.imported(path, name).map((one): [string, string] => [name, one]),
    );
  return changed.flatMap((path) => {
    const text = tree.after.get(path) ?? '';
    const former = new Set(leadsOf(path, textBefore(tree, path)).map(([, one]) => one));
    const found = leadsOf(path, text).find(
      ([name, one]) => !former.has(one) && isOfTests(one) && !(JS_FILE.test(path) && isLeftByTypes(path, text, name)),
    );
    if (found === undefined || hasLivedWith(tree, found[1], leadsOf)) return [];
    const [name, target] = found;
    const at = linesOf(text).findIndex((row) => row.includes(name.split('.').findLast(Boolean) ?? name));
    const what = `imports ${target}, a file of the tests, which is not delivered; move what the product needs into the product`;
    return [{ path, line: at < 0 ? null : at + 1, what, text: linesOf(text)[at] ?? '' }];
  });
}

function ofTests({ paths, after }: DeliveredTree): (path: string) => boolean {
  const isTest = (path: string): boolean => NAMED_AS_TEST.test(path) && HOLDS_TESTS.test(after.get(path) ?? 'test(');
  const folders = new Set(paths.filter((path) => NAMED_AS_TEST.test(path)).map(testFolder));
  return (path) => {
    const folder = testFolder(path);
    if (folder === '') return isTest(path) && after.has(path);
    return HELPERS.test(folder.slice(folder.lastIndexOf('/') + 1)) || folders.has(folder);
  };
}

/** The outermost folder of tests that the file lies in; empty where there is none. */
function testFolder(path: string): string {
  const parts = folderOf(path).split('/');
  const at = parts.findIndex((part) => FOLDER.test(part));
  return at < 0 ? '' : parts.slice(0, at + 1).join('/');
}

/** A source that the change leaves alone imports from the same folder. */
function hasLivedWith(
  { files, after }: DeliveredTree,
  target: string,
  leadsOf: (path: string, text: string) => Array<[string, string]>,
): boolean {
  const changed = new Set(files.map(({ path }) => path));
  const folder = testFolder(target);
  const word = folder.slice(folder.lastIndexOf('/') + 1);
  return [...after].some(
    ([path, text]) =>
      !changed.has(path) &&
      isProduct(path) &&
      text.includes(word) &&
      leadsOf(path, text).some(([, one]) => (folder === '' ? one === target : testFolder(one) === folder)),
  );
}
