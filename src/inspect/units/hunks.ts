/**
 * Makes units that put back lines which a change only removed. Removed declarations and imports are no units: no test can
 * check that they are absent.
 */
import type { ChangedFile, Edit } from '../../domain/experiments/units';
import type { Candidate } from './candidate';
import type { ParsedText } from './grammars';
import { FUNCTIONS } from './languages';
import { regionOf } from './regions';
import type { Syntax } from './syntax';

/** If no parser knows the language, each hunk that contains a word is a unit. */
export function unitsOfHunks(file: ChangedFile, parsed: ParsedText | null): Candidate[] {
  return file.removed.flatMap(({ line, text }) => {
    if (file.changed.has(line) || !/\w/.test(text)) return [];
    const edit = restoreLines(file.after, { line, text });
    if (parsed !== null && !parsed.edited(edit, (root) => holdsCode(root, edit))) return [];
    const first = text.split('\n').find((one) => /\w/.test(one)) ?? '';
    return [{ line, kind: 'hunk' as const, says: `${first.trim().slice(0, 100)}: put back`, edit }];
  });
}

/** Returns the edit that inserts the removed text before a line. */
function restoreLines(after: string, { line, text }: { line: number; text: string }): Edit {
  let at = 0;
  for (let current = 1; current < line; current += 1) {
    const end = after.indexOf('\n', at);
    if (end === -1) {
      const lineBreak = after === '' || after.endsWith('\n') ? '' : '\n';
      return { from: after.length, to: after.length, text: lineBreak + withLineBreak(text) };
    }
    at = end + 1;
  }
  return { from: at, to: at, text: withLineBreak(text) };
}

function withLineBreak(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

const DECLARATIONS: ReadonlySet<string> = new Set([
  ...FUNCTIONS,
  'class_declaration',
  'class_definition',
  'lexical_declaration',
  'variable_declaration',
  'enum_declaration',
  'field_declaration',
  'decorated_definition',
  'class',
  'local_variable_declaration',
  'declaration',
  'const_declaration',
  'var_declaration',
  'short_var_declaration',
  'let_declaration',
]);

/** True if the restored lines contain code other than declarations. */
function holdsCode(root: Syntax, edit: Edit): boolean {
  const end = edit.from + edit.text.length;
  const isRestored = ({ from, to }: Syntax): boolean => from >= edit.from && to <= end;
  const mayHoldCode = (node: Syntax): boolean => {
    if (node.to <= edit.from || node.from >= end || regionOf(node) !== undefined) return false;
    return !(isRestored(node) && DECLARATIONS.has(node.type));
  };
  for (const node of root.walk(mayHoldCode)) {
    if (isRestored(node) && node.all.length === 0 && (node.isNamed || /\w/.test(node.type))) return true;
  }
  return false;
}
