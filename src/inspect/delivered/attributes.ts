/**
 * .gitattributes: attributes by which an archive or a checkout has another text than the commit, or a reviewer is shown none. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { kindOf } from '../units/paths';
import { folderOf } from '../judges/resolve';
import { ignoreRule } from './ignore-rules';
import { changedPaths, freshLines, isSource, linesOf } from './tree';
import type { DeliveredTree } from './tree';

const FILE = /(^|\/)\.gitattributes$/;
/** Attributes by what they do; the last two are usual for files that a program writes. */
const MEANING: ReadonlyArray<readonly [RegExp, string, boolean]> = [
  [/^export-ignore$/, 'is left out of archives', true],
  [/^export-subst$/, 'has another text in archives', true],
  [/^(?:filter=.+|ident|working-tree-encoding=.+)$/, 'has another text in the checkout than in the commit', true],
  [
    /^(?:-diff|binary|diff=(?!(?:ada|bash|bibtex|cpp|csharp|css|dts|elixir|fortran|fountain|golang|html|java|kotlin|markdown|matlab|objc|pascal|perl|php|python|ruby|rust|scheme|tex|typescript|javascript|astextplain)$).+)$/,
    'is hidden in differences',
    false,
  ],
  [/^linguist-(?:generated|vendored|documentation)(?:=true)?$/, 'is hidden from reviewers', false],
];

interface Attribute {
  line: number;
  text: string;
  what: string;
  matches(path: string): boolean;
}

export function attributesIn(tree: DeliveredTree): DeliveredFact[] {
  const sources = tree.paths.filter(isSource);
  const changed = changedPaths(tree).filter((path) => FILE.test(path));
  const own = changed.flatMap((path) =>
    freshLines(tree, path).flatMap((row) =>
      attributesOf(path, row).flatMap((one) => {
        const hit = sources.find(one.matches);
        return hit === undefined
          ? []
          : [{ path, line: one.line, text: one.text, what: `says that ${hit} ${one.what}` }];
      }),
    ),
  );
  return [...firstOfLine(own), ...marks(tree)];
}

function firstOfLine(facts: DeliveredFact[]): DeliveredFact[] {
  return facts.filter(({ path, line }, at) => facts.findIndex((one) => one.path === path && one.line === line) === at);
}

/** Attributes that were there, and marks that they fill in and that the change adds. */
function marks(tree: DeliveredTree): DeliveredFact[] {
  const marked = tree.added.filter(
    ({ path, text }) => isSource(path) && /\$Format:[^$\n]{0,200}\$|\$Id(?::[^$\n]{0,200})?\$/.test(text),
  );
  if (marked.length === 0) return [];
  const all = tree.paths
    .filter((path) => FILE.test(path))
    .flatMap((path) =>
      linesOf(tree.after.get(path) ?? '').flatMap((text, at) => attributesOf(path, { line: at + 1, text })),
    );
  const filled = all.filter(({ what }) => /another text/.test(what));
  return marked
    .filter(({ path }) => filled.some((one) => one.matches(path)))
    .map((row) => ({ ...row, what: 'has another text where it is delivered: git fills this mark in' }));
}

function attributesOf(file: string, { line, text }: { line: number; text: string }): Attribute[] {
  const [pattern = '', ...words] = text.trim().split(/\s+/);
  if (pattern === '' || pattern.startsWith('#')) return [];
  const isMacro = pattern.startsWith('[attr]');
  return words.flatMap((word) => {
    const found = MEANING.find(([attribute]) => attribute.test(word));
    if (found === undefined) return [];
    const [, what, isAlways] = found;
    const fits = isMacro ? () => true : ignoreRule(pattern, folderOf(file), { isAttribute: true });
    const matches = (path: string): boolean => fits(path) && (isAlways || kindOf(path).kind !== 'none');
    return [{ line, text, what, matches }];
  });
}
