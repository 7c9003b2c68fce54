/**
 * Reads packing lists, such as .dockerignore or `files` of a package.json: what they leave out of an image, an archive or a package.
 * Pure. The lists of Python are read in `python-lists.ts`.
 */
import { isObject } from '../../domain/json';
import { objectOf } from '../manifests/json-text';
import { tomlOf } from '../origins/settings';
import { foldersAbove, entriesIn, entriesOf, folderOf } from '../judges/resolve';
import { placeAt } from '../places';
import { createIgnoreList, createIgnoreRule } from './ignore-rules';
import { readPythonData } from './python-data';
import { readManifestIn, readPyprojectLists, readSetupCfgList, readSetupList } from './python-lists';

/** True for a path that is left out. */
export type IsLeftOut = (path: string) => boolean;
export interface ListFile {
  path: string;
  text: string;
  paths: readonly string[];
  /** Texts of manifests. */
  texts: ReadonlyMap<string, string>;
}
type Reader = (file: ListFile) => IsLeftOut | undefined;

const READERS: ReadonlyArray<readonly [RegExp, Reader]> = [
  [
    /(^|\/)(?:[^/]*\.)?(?:docker|container)ignore$/,
    ({ path, text }) => createIgnoreList(text, folderOf(path), { isRooted: true }),
  ],
  [/(^|\/)\.(?:npm|git|vscode)ignore$/, readIgnoreList],
  [
    /(^|\/)\.(?:gcloud|vercel|now|slug|eb|cf|helm|chef|artifact|func|railway|fly)ignore$/,
    ({ path, text }) => createIgnoreList(text, folderOf(path)),
  ],
  [/(^|\/)\.gitattributes$/, readExportIgnores],
  [/(^|\/)package\.json$/, readManifestFiles],
  [/(^|\/)(?:[^/]*\.)?(?:Dockerfile|Containerfile)[^/]*$/, readCopySteps],
  [/(^|\/)Cargo\.toml$/, readCargoLists],
  [/(^|\/)MANIFEST\.in$/, readManifestIn],
  [/(^|\/)pyproject\.toml$/, readPyprojectLists],
  [/(^|\/)setup\.cfg$/, readSetupCfgList],
  [/(^|\/)setup\.py$/, readSetupList],
];

export function isPackingList(path: string): boolean {
  return !/(^|\/)node_modules\//.test(path) && READERS.some(([files]) => files.test(path));
}

/** Returns undefined if the list leaves nothing out. */
export function readPackingList(file: ListFile): IsLeftOut | undefined {
  const leavesOut = READERS.find(([files]) => files.test(file.path))?.[1](file);
  const leavesOutData = /(^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(file.path)
    ? readPythonData(file)
    : undefined;
  if (leavesOutData === undefined) return leavesOut;
  return (path) => leavesOutData(path) || leavesOut?.(path) === true;
}

/** An ignore list of npm or git counts only if the sources themselves are packed, not the output of a build. */
function readIgnoreList(file: ListFile): IsLeftOut | undefined {
  const folder = folderOf(file.path);
  if (file.path.endsWith('.gitignore') && !hasManifest(file, folder)) return undefined;
  return isPackedAsIs(file, folder) ? createIgnoreList(file.text, folder) : undefined;
}

function hasManifest({ texts }: ListFile, folder: string): boolean {
  return [folder, ...foldersAbove(`${folder}/x`)].some(
    (one) => texts.has(placeAt(one, 'package.json')) || texts.has(placeAt(one, 'pyproject.toml')),
  );
}

function isPackedAsIs({ paths, texts }: ListFile, folder: string): boolean {
  const manifest = texts.get(placeAt(folder, 'package.json'));
  if (manifest === undefined) return true;
  const { main, module, exports, bin, browser } = objectOf(manifest) ?? {};
  const entryPaths = entriesIn([main, module, browser, bin, exports]).map((one) => placeAt(folder, one));
  const isThere = (place: string): boolean =>
    paths.some((path) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}/`));
  return (
    entryPaths.length === 0 ||
    entryPaths.every((place) => !/(^|\/)(?:dist|build|out|lib|esm|cjs)\//.test(place) || isThere(place))
  );
}

function readExportIgnores({ path, text }: ListFile): IsLeftOut | undefined {
  const ignored = text.split('\n').flatMap((row) => {
    const [pattern = '', ...words] = row.trim().split(/\s+/);
    return words.includes('export-ignore') ? [createIgnoreRule(pattern, folderOf(path), { isAttribute: true })] : [];
  });
  return ignored.length === 0 ? undefined : (one) => ignored.some((fits) => fits(one));
}

function readManifestFiles(file: ListFile): IsLeftOut | undefined {
  const manifest = objectOf(file.text);
  const files = manifest?.['files'];
  const folder = folderOf(file.path);
  if (!Array.isArray(files) || !isPackedAsIs({ ...file, texts: new Map([[file.path, file.text]]) }, folder))
    return undefined;
  const listed = files.filter((one): one is string => typeof one === 'string');
  const rules = listed.map((one) => ({
    isReincluded: one.startsWith('!'),
    fits: createIgnoreRule(one.replace(/^!/, ''), folder, { isRooted: true }),
  }));
  const entries = new Set([...entriesOf(file.text), 'index.js'].map((entry) => placeAt(folder, entry)));
  return (path) => {
    if (folder !== '' && !path.startsWith(`${folder}/`)) return false;
    const last = rules.findLast(({ fits }) => fits(path));
    return last === undefined ? !entries.has(path) && !rules.some(({ fits }) => fits('.')) : last.isReincluded;
  };
}

/** Reads the `COPY` and `ADD` steps of an image: it leaves out each path that no step copies. */
function readCopySteps({ path, text, paths }: ListFile): IsLeftOut | undefined {
  const files = new Set(paths);
  const copiedNames = text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .flatMap((row) => {
      const rest = /^\s*(?:COPY|ADD)\s+(.*)$/i.exec(row)?.[1];
      if (rest === undefined || /--from=/.test(rest)) return [];
      const words = rest
        .replace(/[[\]",]/g, ' ')
        .split(/\s+/)
        .filter((word) => word !== '' && !word.startsWith('--'));
      return words.slice(0, -1);
    });
  const bases = ['', ...new Set(folderOf(path) === '' ? [] : [folderOf(path)])];
  const places = copiedNames.flatMap((one) => bases.map((base) => placeAt(base, one)));
  const isThere = (place: string): boolean =>
    files.has(place) || /[*?]/.test(place) || paths.some((one) => one.startsWith(`${place}/`));
  // A mounted folder or a variable may bring in files that this reader cannot see.
  if (!places.some(isThere) || /--mount=type=bind|^[^\S\n]*(?:COPY|ADD)\s.*\$/m.test(text)) return undefined;
  const covers = copiedNames.flatMap((one) =>
    bases.map((base) => {
      const place = placeAt(base, one);
      return place === base
        ? (other: string) => base === '' || other.startsWith(`${base}/`)
        : createIgnoreRule(place, '', { isRooted: true });
    }),
  );
  return (one) => !covers.some((fits) => fits(one));
}

function readCargoLists({ path, text }: ListFile): IsLeftOut | undefined {
  const cargo = tomlOf(text)?.['package'];
  if (!isObject(cargo)) return undefined;
  const [exclude, include] = [cargo['exclude'], cargo['include']].map((value) =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined,
  );
  if (exclude === undefined && include === undefined) return undefined;
  const folder = folderOf(path);
  const isInPackage = (one: string): boolean => folder === '' || one.startsWith(`${folder}/`);
  if (include !== undefined) {
    const listed = createIgnoreList(include.join('\n'), folder);
    return (one) => isInPackage(one) && one.endsWith('.rs') && !listed(one);
  }
  return createIgnoreList((exclude ?? []).join('\n'), folder);
}
