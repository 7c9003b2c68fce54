/**
 * Makes a change without effect: a comment at the end of a source file, and a harmless statement in each changed function. A
 * test that fails because of it compares the text of the code, so its failures say nothing about breaks. Pure.
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

/** The statement that breaks a function, by language, and the harmless statement that replaces it. */
const STATEMENTS: ReadonlyArray<readonly [stop: string, nothing: string]> = [
  ['throw new Error("broken");', 'void 0;'],
  ['if (true as boolean) throw new Error("broken");', 'void 0;'],
  ['raise RuntimeError("broken")', 'pass'],
  ['raise "broken";', 'nil;'],
];

/** `units` are those of the file. Returns undefined if the comment syntax of the file is not known. */
export function withComment(path: string, text: string, units: readonly Unit[] = []): string | undefined {
  const line = COMMENTS.find(([files]) => files.test(path))?.[1];
  if (line === undefined) return undefined;
  const edits = units.flatMap(({ kind, edit }) => (kind === 'function' ? harmlessEdits(edit) : []));
  const editsByPosition = new Map(edits.map((edit) => [edit.from, edit]));
  const unchangedCode = applyEdits(text, [...editsByPosition.values()]);
  return `${unchangedCode}${unchangedCode === '' || unchangedCode.endsWith('\n') ? '' : '\n'}${line}\n`;
}

function harmlessEdits(edit: Edit): Edit[] {
  const replacement = STATEMENTS.find(([stop]) => edit.from === edit.to && edit.text.trim() === stop);
  return replacement === undefined ? [] : [{ ...edit, text: edit.text.replace(replacement[0], replacement[1]) }];
}
