/**
 * Finds imports that no manifest declares. Reports imports that the change adds, and imports whose declaration it removes. Pure.
 */
import { locksOf } from '../packages/managers';
import { readPackageJson } from '../manifests/package-json';
import { createIsAlias } from '../imports/aliases';
import { isRemote, JS_FILE, jsImports, packageOf } from '../imports/js-imports';
import type { FoundImport } from '../imports/js-imports';
import { packagesOfModule, pyImports } from '../imports/py-imports';
import { PYTHON_MODULES } from '../imports/py-stdlib';
import type { ImportFact } from '../../domain/packages/facts';
import { changedSources, foldersAbove } from './change-texts';
import type { ChangeTexts } from './change-texts';
import { declaredInPython, hasNoReader } from './python-packages';

/** `given`: Python modules that are installed without a declaration. */
export function undeclaredImports(change: ChangeTexts, installedModules: readonly string[]): ImportFact[] {
  const addedAt = new Set(change.added.lines.map(({ path, line }) => `${path}:${line}`));
  const sources = changedSources(change);
  const known = new Set([...PYTHON_MODULES, ...installedModules]);
  const isNew = (path: string, { line }: FoundImport): boolean =>
    addedAt.has(`${path}:${line}`) || !change.added.isWhole;
  const inScripts = sources.filter(({ path }) => JS_FILE.test(path));
  const inPython = sources.filter(({ path }) => path.endsWith('.py'));
  return [
    ...(inScripts.length === 0 ? [] : undeclaredInScripts(change, inScripts, isNew)),
    ...(inPython.length === 0
      ? []
      : undeclaredInPython(change, inPython, (path, found) => isNew(path, found) && !known.has(found.specifier))),
  ];
}

type Source = { path: string; text: string };
type IsNew = (path: string, found: FoundImport) => boolean;

function undeclaredInScripts(change: ChangeTexts, sources: Source[], isNew: IsNew): ImportFact[] {
  const declaredAfter = readDeclarations(change.after);
  const declaredBefore = readDeclarations(change.before);
  const isAlias = createIsAlias(change);
  return sources.flatMap(({ path, text }) =>
    jsImports(text).flatMap((found): ImportFact[] => {
      const { specifier, line } = found;
      const place = { ecosystem: 'npm' as const, path, line };
      if (isRemote(specifier)) return isNew(path, found) ? [{ ...place, name: specifier, kind: 'remote' }] : [];
      const name = packageOf(specifier);
      if (name === null || isAlias(specifier) || isDeclared(declaredAfter, path, name)) return [];
      if (!isNew(path, found) && !isDeclared(declaredBefore, path, name)) return [];
      return [{ ...place, name, kind: 'undeclared' }];
    }),
  );
}

interface Declarations {
  /** Packages that a package.json declares, by its folder. */
  byFolder: Map<string, Set<string>>;
  /** Names of packages in this repository. */
  ownNames: Set<string>;
  /** Packages of a lock file, by its folder: every file below the folder can import them. */
  lockedByFolder: Map<string, Set<string>>;
}

function readDeclarations(texts: ReadonlyMap<string, string>): Declarations {
  const byFolder = new Map<string, Set<string>>();
  const ownNames = new Set<string>();
  const lockedByFolder = new Map<string, Set<string>>();
  for (const [path, text] of texts) {
    const at = path.lastIndexOf('/') + 1;
    if (FLAT_LOCK_FILES.has(path.slice(at))) lockedByFolder.set(path.slice(0, at), namesInLock(path.slice(at), text));
    if (!/(^|\/)package\.json$/.test(path)) continue;
    const manifest = readPackageJson(text);
    byFolder.set(path.slice(0, -'package.json'.length), new Set(manifest?.declared.keys()));
    if (manifest?.name != null) ownNames.add(manifest.name);
  }
  return { byFolder, ownNames, lockedByFolder };
}

/** Lock files of managers that install all packages in one folder; pnpm instead hides undeclared packages. */
const FLAT_LOCK_FILES: ReadonlySet<string> = new Set(['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock']);

function namesInLock(name: string, text: string): Set<string> {
  const entries = locksOf('npm').get(name)?.(text) ?? [];
  return new Set(entries.filter((one) => /^(node_modules\/(@[^/]+\/)?[^/]+)?$/.test(one.place)).map((one) => one.name));
}

/** Modules that a package provides, by module name: the package's documentation imports them without a declaration of their ownNames. */
const PROVIDERS: Readonly<Record<string, string>> = {
  '@jest/globals': 'jest',
  '@jest/types': 'jest',
  expect: 'jest',
  '@vitest/expect': 'vitest',
  '@vitest/spy': 'vitest',
  '@playwright/test': 'playwright',
  'cypress/react': 'cypress',
  'jasmine-core': 'jasmine',
};

/** True if a package.json in the file's folder or above declares it. If only types are used, its `@types` package is enough. */
function isDeclared({ byFolder, ownNames, lockedByFolder }: Declarations, path: string, name: string): boolean {
  if (ownNames.has(name)) return true;
  const provider = PROVIDERS[name];
  const types = `@types/${name.replace(/^@/, '').replace('/', '__')}`;
  return foldersAbove(path).some((folder) => {
    const declared = byFolder.get(folder);
    if (lockedByFolder.get(folder)?.has(name) === true) return true;
    return (
      declared !== undefined &&
      (declared.has(name) ||
        (provider !== undefined && declared.has(provider)) ||
        (/\.[cm]?tsx?$/.test(path) && declared.has(types)))
    );
  });
}

function undeclaredInPython(change: ChangeTexts, sources: Source[], isNew: IsNew): ImportFact[] {
  const declared = declaredInPython(change);
  // These manifests are not parsed: a name anywhere in their text counts as declared.
  const unparsedTexts = [...change.after].filter(([path]) => hasNoReader(path)).map(([, text]) => text.toLowerCase());
  const ownModules = new Set(
    change.paths.filter((path) => path.endsWith('.py')).flatMap((path) => path.replace(/\.py$/, '').split('/')),
  );
  return sources.flatMap(({ path, text }) =>
    pyImports(text)
      .filter((found) => isNew(path, found))
      .filter(({ specifier }) => !ownModules.has(specifier))
      .filter(({ specifier }) => {
        const names = packagesOfModule(specifier);
        return !names.some((name) => declared.has(name) || unparsedTexts.some((other) => other.includes(name)));
      })
      .map(({ specifier, line }): ImportFact => ({
        ecosystem: 'pypi',
        path,
        line,
        name: specifier,
        kind: 'undeclared',
      })),
  );
}
