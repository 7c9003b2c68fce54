/**
 * Finds packages that the product imports and that are missing where it runs: the change adds an import of a package that only
 * developers install, or no longer declares a package that the product imports. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { JS_FILE, packageOf } from '../imports/js-imports';
import { namedImports } from '../imports/js-names';
import type { NamedImport } from '../imports/js-names';
import { packagesOfModule, pyImports } from '../imports/py-imports';
import { PYTHON_MODULES } from '../imports/py-stdlib';
import { isUsedAsValue } from '../imports/type-uses';
import { createIsAlias } from '../imports/aliases';
import { createResolve } from '../judges/resolve';
import type { Resolve } from '../judges/resolve';
import { objectOf } from '../manifests/json-text';
import { usesBundler, liveNamesOf, createLivePackages } from './live-packages';
import type { LivePackages } from './live-packages';
import { isUndeclaredPackage, readLivePython } from './live-python';
import { addedLines, changedPaths, isProduct, linesOf, textBefore } from './tree';
import type { DeliveredTree } from './tree';

interface Context {
  tree: DeliveredTree;
  resolve: Resolve;
}

export function findMissingPackages(tree: DeliveredTree): DeliveredFact[] {
  const changed = changedPaths(tree).filter(isProduct);
  const scripts = changed.filter((path) => JS_FILE.test(path));
  const modules = changed.filter((path) => path.endsWith('.py'));
  const context = { tree, resolve: createResolve(tree.paths, tree.after) };
  return [
    ...(scripts.length === 0 ? [] : missingInScripts(context, scripts)),
    ...(modules.length === 0 ? [] : missingInPython(context, modules)),
    ...findRemovedPackages(tree),
  ];
}

/** True if the rule has a finding. It then needs the texts of all code, since an untouched file may already have such an import. */
export function mayMissPackages(tree: DeliveredTree): boolean {
  return findMissingPackages(tree).length > 0 || removedPackages(tree).length > 0;
}

function missingInScripts({ tree, resolve }: Context, paths: string[]): DeliveredFact[] {
  const packages = createLivePackages(tree.after);
  const isAlias = createIsAlias(tree);
  return paths.flatMap((path) => {
    const text = tree.after.get(path) ?? '';
    const isAdded = createIsAdded(tree, path);
    const former = new Set(namedImports(textBefore(tree, path)).flatMap(({ specifier }) => specifier));
    return namedImports(text).flatMap((one) => {
      const { specifier, line } = one;
      if (!isAdded(line) || former.has(specifier) || !isNeededAtRunTime(path, text, one)) return [];
      const name = packageOf(specifier);
      const isOwn = isAlias(specifier) || resolve.imported(path, specifier).length > 0;
      const what = name === null || isOwn ? undefined : missingReason(tree, { packages, path, name });
      return what === undefined ? [] : [{ path, text: linesOf(text)[line - 1] ?? '', line, what }];
    });
  });
}

function missingReason(
  tree: DeliveredTree,
  { packages, path, name }: { packages: LivePackages; path: string; name: string },
): string | undefined {
  const availability = packages.availabilityOf(path, name);
  if (availability !== 'dev' && availability !== 'undeclared') return undefined;
  if (isUsedElsewhere(tree, (text, other) => JS_FILE.test(other) && usesPackage(other, text, name))) return undefined;
  const why =
    availability === 'dev'
      ? 'which only devDependencies declare: an installation without them does not have it; declare it in dependencies'
      : 'which no package.json declares: it is there only as long as another package brings it; declare it in dependencies';
  return `imports ${name}, ${why}`;
}

function usesPackage(path: string, text: string, name: string): boolean {
  return (
    text.includes(name) &&
    namedImports(text).some((one) => packageOf(one.specifier) === name && isNeededAtRunTime(path, text, one))
  );
}

/** True if the product needs the import when it runs: false for imports of types, and for calls that a `try` or a condition guards. */
function isNeededAtRunTime(path: string, text: string, found: NamedImport): boolean {
  if (found.isType) return false;
  if (found.isCall) return !isGuarded(text, found.line);
  return !/\.[cm]?tsx?$/.test(path) || found.locals.length === 0 || isUsedAsValue(text, found.locals);
}

/** True if the running product needs none of the file's imports of this name: the compiler removes them, or they are guarded. */
export function isOptionalImport(path: string, text: string, specifier: string): boolean {
  const found = namedImports(text).filter((one) => one.specifier === specifier);
  return found.length > 0 && !found.some((one) => isNeededAtRunTime(path, text, one));
}

const LINES_BEFORE = 6;
const GUARD =
  /\btry\b|\.catch\b|NODE_ENV|import\.meta\.(?:vitest|env)|__DEV__|TYPE_CHECKING|\bImportError\b|ModuleNotFoundError|suppress\(|find_spec/;

function isGuarded(text: string, line: number): boolean {
  return linesOf(text)
    .slice(Math.max(0, line - LINES_BEFORE), line + 1)
    .some((row) => GUARD.test(row.slice(0, 400)));
}

/** True if a source of the product that the change leaves alone uses it, too. */
function isUsedElsewhere(tree: DeliveredTree, uses: (text: string, path: string) => boolean): boolean {
  const changed = new Set(tree.files.map(({ path }) => path));
  return [...tree.after].some(([path, text]) => !changed.has(path) && isProduct(path) && uses(text, path));
}

function createIsAdded(tree: DeliveredTree, path: string): (line: number) => boolean {
  const lines = addedLines(tree, path);
  return (line) => lines.has(line);
}

function missingInPython({ tree }: Context, paths: string[]): DeliveredFact[] {
  const { live, dev } = readLivePython(tree.after);
  const ownModules = new Set(
    tree.paths.filter((path) => path.endsWith('.py')).flatMap((path) => path.replace(/\.py$/, '').split('/')),
  );
  const reasonOf = (module: string): string | undefined => {
    const names = packagesOfModule(module);
    if (PYTHON_MODULES.has(module) || ownModules.has(module) || names.some((name) => live.has(name))) return undefined;
    const place = names.map((name) => dev.get(name)).find((one) => one !== undefined);
    if (place !== undefined)
      return `imports ${module}, which ${place} declares only for those who work on the product: an installation does not have it; declare it as a dependency`;
    return isUndeclaredPackage(names, live)
      ? `imports ${module}, which nothing declares: it is there only as long as another package brings it; declare it as a dependency`
      : undefined;
  };
  return paths.flatMap((path) => {
    const text = tree.after.get(path) ?? '';
    const isAdded = createIsAdded(tree, path);
    const former = new Set(pyImports(textBefore(tree, path)).map(({ specifier }) => specifier));
    return pyImports(text).flatMap(({ specifier, line }): DeliveredFact[] => {
      if (!isAdded(line) || former.has(specifier) || isGuarded(text, line)) return [];
      const what = reasonOf(specifier);
      const hasImport = (other: string): boolean =>
        other.includes(specifier) && pyImports(other).some((one) => one.specifier === specifier);
      if (what === undefined || isUsedElsewhere(tree, (other, at) => at.endsWith('.py') && hasImport(other))) return [];
      return [{ path, line, what, text: linesOf(text)[line - 1] ?? '' }];
    });
  });
}

/** Returns the packages that a manifest declared for the product before the change, and no longer declares. */
function removedPackages(tree: DeliveredTree): Array<{ path: string; name: string }> {
  return changedPaths(tree).flatMap((path) => {
    if (!/(^|\/)package\.json$/.test(path)) return [];
    const [before, after] = [objectOf(textBefore(tree, path)), objectOf(tree.after.get(path) ?? '')];
    if (before === undefined || after === undefined || usesBundler(after)) return [];
    const live = liveNamesOf(after);
    return [...liveNamesOf(before)].filter((name) => !live.has(name)).map((name) => ({ path, name }));
  });
}

function findRemovedPackages(tree: DeliveredTree): DeliveredFact[] {
  const packages = createLivePackages(tree.after);
  return removedPackages(tree).flatMap(({ path, name }): DeliveredFact[] => {
    const folder = path.slice(0, -'package.json'.length);
    const user = [...tree.after].find(
      ([one, text]) =>
        JS_FILE.test(one) &&
        one.startsWith(folder) &&
        isProduct(one) &&
        usesPackage(one, text, name) &&
        /^(?:dev|undeclared)$/.test(packages.availabilityOf(one, name)),
    )?.[0];
    if (user === undefined) return [];
    const what = `does not declare ${name} for the product any more, which ${user} imports; put it back into dependencies`;
    return [{ path, line: null, what, text: '', showsWholeChange: true as const }];
  });
}
