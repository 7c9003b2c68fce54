/**
 * Finds imports that no manifest declares. Only added imports count, and imports whose declaration the change removes.
 */
import { locksOf } from '../packages/managers';
import { readPackageJson } from '../manifests/package-json';
import { aliasesOf } from '../imports/aliases';
import { isRemote, JS_FILE, jsImports, packageOf } from '../imports/js-imports';
import type { FoundImport } from '../imports/js-imports';
import { packagesOfModule, pyImports } from '../imports/py-imports';
import { PYTHON_MODULES } from '../imports/py-stdlib';
import type { ImportFact } from '../../domain/packages/facts';
import { changedSources, foldersAbove } from './change-texts';
import type { ChangeTexts } from './change-texts';
import { declaredInPython, hasNoReader } from './python-packages';

/** `given`: Python modules that are installed without a declaration. */
export function undeclaredImports(change: ChangeTexts, given: readonly string[]): ImportFact[] {
  const addedAt = new Set(change.added.lines.map(({ path, line }) => `${path}:${line}`));
  const sources = changedSources(change);
  const known = new Set([...PYTHON_MODULES, ...given]);
  const isNew = (path: string, { line }: FoundImport): boolean =>
    addedAt.has(`${path}:${line}`) || !change.added.isWhole;
  const inScripts = sources.filter(({ path }) => JS_FILE.test(path));
  const inPython = sources.filter(({ path }) => path.endsWith('.py'));
  return [
    ...(inScripts.length === 0 ? [] : fromScripts(change, inScripts, isNew)),
    ...(inPython.length === 0
      ? []
      : fromPython(change, inPython, (path, found) => isNew(path, found) && !known.has(found.specifier))),
  ];
}

type Source = { path: string; text: string };
type IsNew = (path: string, found: FoundImport) => boolean;

function fromScripts(change: ChangeTexts, sources: Source[], isNew: IsNew): ImportFact[] {
  const now = declarations(change.after);
  const before = declarations(change.before);
  const isAlias = aliasesOf(change);
  return sources.flatMap(({ path, text }) =>
    jsImports(text).flatMap((found): ImportFact[] => {
      const { specifier, line } = found;
      const place = { ecosystem: 'npm' as const, path, line };
      if (isRemote(specifier)) return isNew(path, found) ? [{ ...place, name: specifier, kind: 'remote' }] : [];
      const name = packageOf(specifier);
      if (name === null || isAlias(specifier) || isDeclared(now, path, name)) return [];
      if (!isNew(path, found) && !isDeclared(before, path, name)) return [];
      return [{ ...place, name, kind: 'undeclared' }];
    }),
  );
}

interface Declarations {
  byFolder: Map<string, Set<string>>;
  /** Names of packages in this repository. */
  own: Set<string>;
  /** Packages of a lock file that every file below its folder can import. */
  locked: Map<string, Set<string>>;
}

function declarations(texts: ReadonlyMap<string, string>): Declarations {
  const byFolder = new Map<string, Set<string>>();
  const own = new Set<string>();
  const locked = new Map<string, Set<string>>();
  for (const [path, text] of texts) {
    const at = path.lastIndexOf('/') + 1;
    if (FLAT.has(path.slice(at))) locked.set(path.slice(0, at), namesInLock(path.slice(at), text));
    if (!/(^|\/)package\.json$/.test(path)) continue;
    const manifest = readPackageJson(text);
    byFolder.set(path.slice(0, -'package.json'.length), new Set(manifest?.declared.keys()));
    if (manifest?.name != null) own.add(manifest.name);
  }
  return { byFolder, own, locked };
}

/** Lock files of managers that install all packages in one folder; pnpm instead hides undeclared packages. */
const FLAT: ReadonlySet<string> = new Set(['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock']);

function namesInLock(name: string, text: string): Set<string> {
  const entries = locksOf('npm').get(name)?.(text) ?? [];
  return new Set(entries.filter((one) => /^(node_modules\/(@[^/]+\/)?[^/]+)?$/.test(one.place)).map((one) => one.name));
}

/** Packages that come with another one, whose documentation imports them without a declaration. */
const PROVIDED: Readonly<Record<string, string>> = {
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
function isDeclared({ byFolder, own, locked }: Declarations, path: string, name: string): boolean {
  if (own.has(name)) return true;
  const provider = PROVIDED[name];
  const types = `@types/${name.replace(/^@/, '').replace('/', '__')}`;
  return foldersAbove(path).some((folder) => {
    const declared = byFolder.get(folder);
    if (locked.get(folder)?.has(name) === true) return true;
    return (
      declared !== undefined &&
      (declared.has(name) ||
        (provider !== undefined && declared.has(provider)) ||
        (/\.[cm]?tsx?$/.test(path) && declared.has(types)))
    );
  });
}

function fromPython(change: ChangeTexts, sources: Source[], isNew: IsNew): ImportFact[] {
  const declared = declaredInPython(change);
  // These manifests are not parsed: a name anywhere in their text counts as declared.
  const others = [...change.after].filter(([path]) => hasNoReader(path)).map(([, text]) => text.toLowerCase());
  const local = new Set(
    change.paths.filter((path) => path.endsWith('.py')).flatMap((path) => path.replace(/\.py$/, '').split('/')),
  );
  return sources.flatMap(({ path, text }) =>
    pyImports(text)
      .filter((found) => isNew(path, found))
      .filter(({ specifier }) => !local.has(specifier))
      .filter(({ specifier }) => {
        const names = packagesOfModule(specifier);
        return !names.some((name) => declared.has(name) || others.some((other) => other.includes(name)));
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
