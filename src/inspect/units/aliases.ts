/**
 * Finds names that were functions before the change and now get the value of another expression, as in `export const format = String`.
 *
 * Such a name has no function body to break, so the experiment replaces its value with the language's null value.
 */
import type { ChangedFile } from '../../domain/experiments/units';
import type { Candidate } from './candidate';
import type { LanguageRules } from './languages';
import type { Syntax } from './syntax';

/** Values that can be a function. */
const POSSIBLE_FUNCTION = /^(?:identifier|member_expression|attribute|call_expression|call)$/;

export type Alias = Candidate & { owner: { name: string; line: number } };

export function breaksOfAlias(
  root: Syntax,
  rules: LanguageRules,
  { changed, removed }: Omit<ChangedFile, 'path'>,
): Alias[] {
  const removedText = removed.map(({ text }) => text.slice(0, 20_000)).join('\n');
  if (rules.nothing === null || !/\b(?:function|def)\b|=>/.test(removedText)) return [];
  const found: Alias[] = [];
  const isTopLevel = ({ type }: Syntax): boolean =>
    /^(?:program|module|export_statement|lexical_declaration|variable_declaration|variable_declarator|expression_statement|assignment)$/.test(
      type,
    );
  for (const node of root.walk(isTopLevel)) {
    const isNamed = node.type === 'variable_declarator' || node.type === 'assignment';
    const name = isNamed ? (node.field('name') ?? node.field('left')) : undefined;
    const value = node.field('value') ?? node.field('right');
    if (name?.type !== 'identifier' || value === undefined || !POSSIBLE_FUNCTION.test(value.type)) continue;
    if (!changed.has(node.line) || !wasFunction(name.text, removedText)) continue;
    const owner = { name: name.text, line: node.line };
    const edit = { from: value.from, to: value.to, text: rules.nothing };
    found.push({ line: node.line, kind: 'value', owner, says: `${name.text}: is nothing`, edit });
  }
  return found;
}

function wasFunction(name: string, removedText: string): boolean {
  const escaped = name.replace(/\$/g, '\\$');
  return new RegExp(
    `\\b(?:function\\*?|def)\\s+${escaped}(?![\\w$])|\\b(?:const|let|var)\\s+${escaped}\\s*=\\s*(?:async\\s*)?(?:function\\b|\\(|\\w+\\s*=>)`,
  ).test(removedText);
}
