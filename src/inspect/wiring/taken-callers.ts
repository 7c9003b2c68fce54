/**
 * Finds programs, pages and manifests that no longer lead to a changed source, if no other file leads to it: the tests
 * run the change, and the started program does not. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { isForTests, isProduct, linesOf, textBefore } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import { CODE, readLinks } from '../judges/graph';
import { folderOf, manifestOf } from '../judges/resolve';
import { placeAt } from '../places';

/** Files that start or load a source by its name. */
const STARTS =
  /(^|\/)(?:bin|scripts?|cmd|sbin|libexec)\/[^/.]+$|\.(?:sh|bash|zsh|service|cmd|bat|ps1|html?)$|(^|\/)(?:package\.json|Procfile|[^/]*Dockerfile[^/]*|[^/]*[mM]akefile|[jJ]ustfile|(?:docker-)?compose[^/]*\.ya?ml|crontab)$/;
const NAMED = /[\w.@/-]{1,200}\.(?:[cm]?[jt]sx?|py|rb|php|pl|lua)\b/g;
const MODULE = /\s-m\s+([A-Za-z_][\w.]{1,100})/g;

export async function takenCallers(tree: DeliveredTree): Promise<DeliveredFact[]> {
  const starts = tree.files.filter(
    ({ path, status }) => status === 'modified' && STARTS.test(path) && !isForTests(path),
  );
  const changed = tree.files.filter(({ path, status }) => status !== 'deleted' && isCode(path)).map(({ path }) => path);
  if (starts.length === 0 || changed.length === 0) return [];
  const { leads } = await readLinks({ paths: tree.paths, texts: tree.after });
  return starts.flatMap(({ path }) => {
    const [before, after] = [textBefore(tree, path), tree.after.get(path) ?? ''];
    const namedNow = new Set(namedIn(tree, path, after));
    const lost = namedIn(tree, path, before).filter((one) => changed.includes(one) && !namedNow.has(one));
    return [...new Set(lost)].flatMap((file): DeliveredFact[] => {
      const other = [...tree.after].find(
        ([one, text]) =>
          one !== file &&
          !isForTests(one) &&
          mayLead(one) &&
          (leads(one).includes(file) || namedIn(tree, one, text).includes(file)),
      );
      if (other !== undefined) return [];
      const former = new Set(linesOf(before));
      const rows = linesOf(after);
      const at = rows.findIndex((row) => row.trim() !== '' && !former.has(row));
      const what = `led to ${file}, which the change alters, and does not any more, and nothing else that goes live does: what was tested is not what is started; let it lead there, or say in the plan what takes its place`;
      return [{ path, line: at < 0 ? null : at + 1, what, text: rows[at] ?? '' }];
    });
  });
}

function isCode(path: string): boolean {
  return isProduct(path) || (CODE.test(path) && /(^|\/)(?:bin|scripts?)\//.test(path) && !isForTests(path));
}

/** False for documents and lists of packed files, which start no source. */
function mayLead(path: string): boolean {
  return CODE.test(path) || STARTS.test(path) || /\.(?:ya?ml|toml|cfg|json)$/.test(path);
}

/** Returns the repository files that a text names: by a relative path, a path from the root, or a unique name. */
function namedIn({ paths }: DeliveredTree, from: string, source: string): string[] {
  const text = startingText(from, source);
  const words = [...text.slice(0, 200_000).matchAll(NAMED)].map(([word]) => word.replace(/^[./]*\//, ''));
  const modules = [...text.slice(0, 200_000).matchAll(MODULE)].flatMap(([, name = '']) => {
    const place = name.replaceAll('.', '/');
    return [`${place}.py`, `${place}/__main__.py`];
  });
  return [...words, ...modules].flatMap((word) => {
    const near = [placeAt(folderOf(from), word), word].find((place) => paths.includes(place));
    if (near !== undefined) return near;
    const alike = paths.filter((path) => path.endsWith(`/${word}`));
    return alike.length === 1 ? alike : [];
  });
}

/**
 * Returns the parts of a manifest that start or export a file. Of a makefile, it returns the rows that are not about
 * tests or style.
 */
function startingText(path: string, text: string): string {
  if (/[mM]akefile|[jJ]ustfile/.test(path)) return text.replace(/^.*(?:test|lint|check|format|bench|cover).*$/gm, '');
  if (!/(^|\/)package\.json$/.test(path)) return text;
  const { main, module, bin, exports, scripts } = manifestOf(text);
  const started = Object.entries((scripts ?? {}) as Record<string, unknown>).filter(([name]) =>
    /^(?:pre|post)?(?:start|serve)(?::|$)/.test(name),
  );
  return JSON.stringify([main, module, bin, exports, started]);
}
