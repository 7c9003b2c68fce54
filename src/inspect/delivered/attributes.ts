/**
 * Finds attributes in .gitattributes by which an archive or a checkout has another text than the commit, or which hide
 * changes from a reviewer. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { kindOf } from '../units/paths';
import { folderOf } from '../judges/resolve';
import { createIgnoreRule } from './ignore-rules';
import { changedPaths, freshLines, isSource, linesOf } from './tree';
import type { DeliveredTree } from './tree';

const ATTRIBUTES_FILE = /(^|\/)\.gitattributes$/;
/**
 * Each attribute with its effect, and true if it is reported for every file. The two with `false` are usual for generated files, and
 * are reported only for code.
 */
const EFFECTS: ReadonlyArray<readonly [RegExp, string, boolean]> = [
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

/** Finds attributes that the change adds and that match a source, and new marks such as `$Id$` that an attribute expands. */
export function attributesIn(tree: DeliveredTree): DeliveredFact[] {
  const sources = tree.paths.filter(isSource);
  const changed = changedPaths(tree).filter((path) => ATTRIBUTES_FILE.test(path));
  const newAttributes = changed.flatMap((path) =>
    freshLines(tree, path).flatMap((row) =>
      attributesOf(path, row).flatMap((one) => {
        const source = sources.find(one.matches);
        return source === undefined
          ? []
          : [{ path, line: one.line, text: one.text, what: `says that ${source} ${one.what}` }];
      }),
    ),
  );
  return [...firstOfLine(newAttributes), ...findExpandedMarks(tree)];
}

function firstOfLine(facts: DeliveredFact[]): DeliveredFact[] {
  return facts.filter(({ path, line }, at) => facts.findIndex((one) => one.path === path && one.line === line) === at);
}

/** Finds new `$Format:...$` and `$Id$` marks in sources for which an attribute lets git expand them. */
function findExpandedMarks(tree: DeliveredTree): DeliveredFact[] {
  const rowsWithMark = tree.added.filter(
    ({ path, text }) => isSource(path) && /\$Format:[^$\n]{0,200}\$|\$Id(?::[^$\n]{0,200})?\$/.test(text),
  );
  if (rowsWithMark.length === 0) return [];
  const attributes = tree.paths
    .filter((path) => ATTRIBUTES_FILE.test(path))
    .flatMap((path) =>
      linesOf(tree.after.get(path) ?? '').flatMap((text, at) => attributesOf(path, { line: at + 1, text })),
    );
  const expandingAttributes = attributes.filter(({ what }) => /another text/.test(what));
  return rowsWithMark
    .filter(({ path }) => expandingAttributes.some((one) => one.matches(path)))
    .map((row) => ({ ...row, what: 'has another text where it is delivered: git fills this mark in' }));
}

function attributesOf(file: string, { line, text }: { line: number; text: string }): Attribute[] {
  const [pattern = '', ...words] = text.trim().split(/\s+/);
  if (pattern === '' || pattern.startsWith('#')) return [];
  const isMacro = pattern.startsWith('[attr]');
  return words.flatMap((word) => {
    const found = EFFECTS.find(([attribute]) => attribute.test(word));
    if (found === undefined) return [];
    const [, what, forAllFiles] = found;
    const fitsPattern = isMacro ? () => true : createIgnoreRule(pattern, folderOf(file), { isAttribute: true });
    const matches = (path: string): boolean => fitsPattern(path) && (forAllFiles || kindOf(path).kind !== 'none');
    return [{ line, text, what, matches }];
  });
}
