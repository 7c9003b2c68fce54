/**
 * What a list of a project leaves out of an image, an archive or a package. Pure; the lists of Python stand in `python-lists.ts`.
 */
import { isObject } from '../../domain/json';
import { objectOf } from '../manifests/json-text';
import { tomlOf } from '../origins/settings';
import { above, entriesIn, entriesOf, folderOf } from '../judges/resolve';
import { placeAt } from '../places';
import { ignoreList, ignoreRule } from './ignore-rules';
import { pythonData } from './python-data';
import { manifestIn, pyprojectList, setupCfgList, setupList } from './python-lists';

/** True for a path that is left out. */
export type LeftOut = (path: string) => boolean;
export interface ListFile {
  path: string;
  text: string;
  paths: readonly string[];
  /** Texts of manifests. */
  texts: ReadonlyMap<string, string>;
}
type Reader = (file: ListFile) => LeftOut | undefined;

const READERS: ReadonlyArray<readonly [RegExp, Reader]> = [
  [
    /(^|\/)(?:[^/]*\.)?(?:docker|container)ignore$/,
    ({ path, text }) => ignoreList(text, folderOf(path), { isRooted: true }),
  ],
  [/(^|\/)\.(?:npm|git|vscode)ignore$/, ofNpm],
  [
    /(^|\/)\.(?:gcloud|vercel|now|slug|eb|cf|helm|chef|artifact|func|railway|fly)ignore$/,
    ({ path, text }) => ignoreList(text, folderOf(path)),
  ],
  [/(^|\/)\.gitattributes$/, ofAttributes],
  [/(^|\/)package\.json$/, ofFiles],
  [/(^|\/)(?:[^/]*\.)?(?:Dockerfile|Containerfile)[^/]*$/, ofCopies],
  [/(^|\/)Cargo\.toml$/, ofCargo],
  [/(^|\/)MANIFEST\.in$/, manifestIn],
  [/(^|\/)pyproject\.toml$/, pyprojectList],
  [/(^|\/)setup\.cfg$/, setupCfgList],
  [/(^|\/)setup\.py$/, setupList],
];

export function isList(path: string): boolean {
  return !/(^|\/)node_modules\//.test(path) && READERS.some(([files]) => files.test(path));
}

/** Undefined where the file leaves nothing out. */
export function readList(file: ListFile): LeftOut | undefined {
  const leavesOut = READERS.find(([files]) => files.test(file.path))?.[1](file);
  const data = /(^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(file.path) ? pythonData(file) : undefined;
  if (data === undefined) return leavesOut;
  return (path) => data(path) || leavesOut?.(path) === true;
}

/** What a build writes and this tree does not have is packed by another list. */
function ofNpm(file: ListFile): LeftOut | undefined {
  const folder = folderOf(file.path);
  if (file.path.endsWith('.gitignore') && !hasManifest(file, folder)) return undefined;
  return isPackedAsIs(file, folder) ? ignoreList(file.text, folder) : undefined;
}

function hasManifest({ texts }: ListFile, folder: string): boolean {
  return [folder, ...above(`${folder}/x`)].some(
    (one) => texts.has(placeAt(one, 'package.json')) || texts.has(placeAt(one, 'pyproject.toml')),
  );
}

function isPackedAsIs({ paths, texts }: ListFile, folder: string): boolean {
  const manifest = texts.get(placeAt(folder, 'package.json'));
  if (manifest === undefined) return true;
  const { main, module, exports, bin, browser } = objectOf(manifest) ?? {};
  const named = entriesIn([main, module, browser, bin, exports]).map((one) => placeAt(folder, one));
  const isThere = (place: string): boolean =>
    paths.some((path) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}/`));
  return (
    named.length === 0 ||
    named.every((place) => !/(^|\/)(?:dist|build|out|lib|esm|cjs)\//.test(place) || isThere(place))
  );
}

function ofAttributes({ path, text }: ListFile): LeftOut | undefined {
  const ignored = text.split('\n').flatMap((row) => {
    const [pattern = '', ...words] = row.trim().split(/\s+/);
    return words.includes('export-ignore') ? [ignoreRule(pattern, folderOf(path), { isAttribute: true })] : [];
  });
  return ignored.length === 0 ? undefined : (one) => ignored.some((fits) => fits(one));
}

function ofFiles(file: ListFile): LeftOut | undefined {
  const manifest = objectOf(file.text);
  const files = manifest?.['files'];
  const folder = folderOf(file.path);
  if (!Array.isArray(files) || !isPackedAsIs({ ...file, texts: new Map([[file.path, file.text]]) }, folder))
    return undefined;
  const listed = files.filter((one): one is string => typeof one === 'string');
  const rules = listed.map((one) => ({
    isBack: one.startsWith('!'),
    fits: ignoreRule(one.replace(/^!/, ''), folder, { isRooted: true }),
  }));
  const entries = new Set([...entriesOf(file.text), 'index.js'].map((entry) => placeAt(folder, entry)));
  return (path) => {
    if (folder !== '' && !path.startsWith(`${folder}/`)) return false;
    const last = rules.findLast(({ fits }) => fits(path));
    return last === undefined ? !entries.has(path) && !rules.some(({ fits }) => fits('.')) : last.isBack;
  };
}

/** An image that is given files and folders, and this one not. */
function ofCopies({ path, text, paths }: ListFile): LeftOut | undefined {
  const files = new Set(paths);
  const copied = text
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
  const places = copied.flatMap((one) => bases.map((base) => placeAt(base, one)));
  const isThere = (place: string): boolean =>
    files.has(place) || /[*?]/.test(place) || paths.some((one) => one.startsWith(`${place}/`));
  // What is bound in from outside, and what a variable names, is not seen here.
  if (!places.some(isThere) || /--mount=type=bind|^[^\S\n]*(?:COPY|ADD)\s.*\$/m.test(text)) return undefined;
  const covers = copied.flatMap((one) =>
    bases.map((base) => {
      const place = placeAt(base, one);
      return place === base
        ? (other: string) => base === '' || other.startsWith(`${base}/`)
        : ignoreRule(place, '', { isRooted: true });
    }),
  );
  return (one) => !covers.some((fits) => fits(one));
}

function ofCargo({ path, text }: ListFile): LeftOut | undefined {
  const cargo = tomlOf(text)?.['package'];
  if (!isObject(cargo)) return undefined;
  const [exclude, include] = [cargo['exclude'], cargo['include']].map((value) =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined,
  );
  if (exclude === undefined && include === undefined) return undefined;
  const folder = folderOf(path);
  const isIn = (one: string): boolean => folder === '' || one.startsWith(`${folder}/`);
  if (include !== undefined) {
    const listed = ignoreList(include.join('\n'), folder);
    return (one) => isIn(one) && one.endsWith('.rs') && !listed(one);
  }
  return ignoreList((exclude ?? []).join('\n'), folder);
}
