/**
 * Finds imports that the change adds to the product and that lead to test files, which are not delivered. Pure.
 *
 * A folder counts as a test folder only if its name says so and it contains tests: a product may have a part named `test` or
 * `spec`.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { JS_FILE } from '../imports/js-imports';
import { NAMED_AS_TEST, HOLDS_TESTS } from '../judges/graph';
import { referencesOf } from '../judges/references';
import { createResolve, folderOf } from '../judges/resolve';
import { isOptionalImport } from './missing-packages';
import { changedPaths, isProduct, linesOf, textBefore } from './tree';
import type { DeliveredTree } from './tree';

const TEST_FOLDER = /^(?:tests?|__tests__|specs?|e2e|__mocks__|__fixtures__|fixtures?|testdata)$/i;
/** Folders that hold only helpers of tests, whatever files are in them. */
const HELPER_FOLDER = /^(?:__tests__|__mocks__|__fixtures__|fixtures?|testdata)$/i;

/**
 * Finds the first import of a test file in each changed file, unless untouched product code already imports from the same folder.
 */
export function findImportsOfTests(tree: DeliveredTree): DeliveredFact[] {
  const changed = changedPaths(tree).filter((path) => isProduct(path) && /\.(?:[cm]?[jt]sx?|py|rb)$/.test(path));
  if (changed.length === 0) return [];
  const resolve = createResolve(tree.paths, tree.after);
  const isTestFile = createIsTestFile(tree);
  const importedFiles = (path: string, text: string): Array<[string, string]> =>
    referencesOf(path, text).imports.flatMap((name) =>
      resolve.imported(path, name).map((one): [string, string] => [name, one]),
    );
  return changed.flatMap((path) => {
    const text = tree.after.get(path) ?? '';
    const filesBefore = new Set(importedFiles(path, textBefore(tree, path)).map(([, one]) => one));
    const found = importedFiles(path, text).find(
      ([name, one]) =>
        !filesBefore.has(one) && isTestFile(one) && !(JS_FILE.test(path) && isOptionalImport(path, text, name)),
    );
    if (found === undefined || isImportedElsewhere(tree, found[1], importedFiles)) return [];
    const [name, target] = found;
    const at = linesOf(text).findIndex((row) => row.includes(name.split('.').findLast(Boolean) ?? name));
    const what = `imports ${target}, a file of the tests, which is not delivered; move what the product needs into the product`;
    return [{ path, line: at < 0 ? null : at + 1, what, text: linesOf(text)[at] ?? '' }];
  });
}

function createIsTestFile({ paths, after }: DeliveredTree): (path: string) => boolean {
  const isTest = (path: string): boolean => NAMED_AS_TEST.test(path) && HOLDS_TESTS.test(after.get(path) ?? 'test(');
  const folders = new Set(paths.filter((path) => NAMED_AS_TEST.test(path)).map(testFolder));
  return (path) => {
    const folder = testFolder(path);
    if (folder === '') return isTest(path) && after.has(path);
    return HELPER_FOLDER.test(folder.slice(folder.lastIndexOf('/') + 1)) || folders.has(folder);
  };
}

/** Returns the outermost test folder above the file; empty if there is none. */
function testFolder(path: string): string {
  const parts = folderOf(path).split('/');
  const at = parts.findIndex((part) => TEST_FOLDER.test(part));
  return at < 0 ? '' : parts.slice(0, at + 1).join('/');
}

/** True if product code outside the change already imports from the same test folder: that folder is then delivered. */
function isImportedElsewhere(
  { files, after }: DeliveredTree,
  target: string,
  importedFiles: (path: string, text: string) => Array<[string, string]>,
): boolean {
  const changed = new Set(files.map(({ path }) => path));
  const folder = testFolder(target);
  const folderName = folder.slice(folder.lastIndexOf('/') + 1);
  return [...after].some(
    ([path, text]) =>
      !changed.has(path) &&
      isProduct(path) &&
      text.includes(folderName) &&
      importedFiles(path, text).some(([, one]) => (folder === '' ? one === target : testFolder(one) === folder)),
  );
}
