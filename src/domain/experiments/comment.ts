/**
 * A change that means nothing: one comment more at the end of a source file, and a statement without effect in each changed function.
 * What turns red at it compares the text of the code, and says nothing of a break. Pure.
 */
import { applyEdits } from './units';
import type { Edit, Unit } from './units';

const COMMENTS: ReadonlyArray<readonly [files: RegExp, line: string]> = [
  [
    /\.(?:[cm]?[jt]sx?|go|rs|java|kt|scala|cs|swift|c|h|cc|cpp|hpp|dart|groovy)$/,
    '// The same, with one comment more.',
  ],
  [/\.(?:py|rb|sh|bash|pl|r|ex|exs)$/, '# The same, with one comment more.'],
  [/\.php$/, ''],
  [/\.(?:vue|svelte|html?)$/, '<!-- The same, with one comment more. -->'],
  [/\.(?:lua|sql|hs)$/, '-- The same, with one comment more.'],
];

/** How a function is stopped, by language, and what stands in the same place and does nothing. */
const STATEMENTS: ReadonlyArray<readonly [stop: string, nothing: string]> = [
  ['throw new Error("broken");', 'void 0;'],
  ['if (true as boolean) throw new Error("broken");', 'void 0;'],
  ['raise RuntimeError("broken")', 'pass'],
  ['raise "broken";', 'nil;'],
];

/** `units`: of the file. Undefined for a kind of file whose comments are not known. */
export function withComment(path: string, text: string, units: readonly Unit[] = []): string | undefined {
  const line = COMMENTS.find(([files]) => files.test(path))?.[1];
  if (line === undefined) return undefined;
  const edits = units.flatMap(({ kind, edit }) => (kind === 'function' ? neutral(edit) : []));
  const places = new Map(edits.map((edit) => [edit.from, edit]));
  const same = applyEdits(text, [...places.values()]);
  return `${same}${same === '' || same.endsWith('\n') ? '' : '\n'}${line}\n`;
}

function neutral(edit: Edit): Edit[] {
  const known = STATEMENTS.find(([stop]) => edit.from === edit.to && edit.text.trim() === stop);
  return known === undefined ? [] : [{ ...edit, text: edit.text.replace(known[0], known[1]) }];
}
