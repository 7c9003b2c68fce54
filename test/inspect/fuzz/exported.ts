/** Reads from the sources of src/inspect which functions they export, with the names and types of their parameters. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const INSPECT = join(__dirname, '../../../src/inspect');

export interface Exported {
  /** `asks/code-view#viewOf`. */
  id: string;
  /** `source: string`, with `{text, path}` for a parameter that is taken apart. */
  params: string[];
}

export function exportedFunctions(folder = INSPECT): Exported[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.sort().flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest, true);
    return source.statements.filter(isExportedFunction).map(({ name, parameters }) => ({
      id: `${file.slice(0, -3)}#${name?.text ?? ''}`,
      params: parameters.map(paramOf),
    }));
  });
}

function isExportedFunction(statement: ts.Statement): statement is ts.FunctionDeclaration {
  return (
    ts.isFunctionDeclaration(statement) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function paramOf({ name, type, initializer }: ts.ParameterDeclaration): string {
  const parts = ts.isIdentifier(name)
    ? name.text
    : `{${name.elements.map((one) => (ts.isBindingElement(one) ? (one.propertyName ?? one.name).getText() : '')).join(',')}}`;
  const kind = type?.getText().replace(/\s+/g, ' ') ?? (initializer === undefined ? '' : `= ${initializer.getText()}`);
  return `${parts}: ${kind}`;
}
