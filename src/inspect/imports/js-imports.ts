/**
 * What a JavaScript or TypeScript file imports: `import`, `export from`, `import()`, `require()`. Pure.
 *
 * Names that are computed at run time cannot be seen; nothing here claims they can.
 */
import { isBuiltin } from 'node:module';
import { tokensOf } from './js-tokens';
import type { Token } from './js-tokens';

export interface FoundImport {
  /** As it is written. */
  specifier: string;
  line: number;
}

export const JS_FILE = /\.(?:[cm]?[jt]sx?)$/;

export function jsImports(source: string): FoundImport[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, index) =>
    token.kind === 'text' && isImported(tokens, index) ? [{ specifier: token.value, line: token.line }] : [],
  );
}

/** True for a text that names a module where it stands. */
export function isImported(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.kind === 'word' && (before.value === 'from' || before.value === 'import'))
    return !isMember(tokens, index - 1);
  if (before?.value !== '(') return false;
  const call = tokens[index - 2];
  if (call?.kind !== 'word') return false;
  if (call.value === 'import' || call.value === 'require') return !isMember(tokens, index - 2);
  return call.value === 'resolve' && tokens[index - 4]?.value === 'require';
}

/** `x.from`, `x.require`: a member of another object, not the keyword. */
function isMember(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.value === '.';
}

/** The package that a specifier names; null for what comes with node, stands beside the file, or goes through an alias. */
export function packageOf(specifier: string): string | null {
  if (/^(?:\.{1,2}(?:\/|$)|\/|#|~|@\/|\$)/.test(specifier) || specifier === '') return null;
  if (isBuiltin(specifier) || /^[a-z][a-z+.-]*:/i.test(specifier)) return null;
  const parts = specifier.split(/[/?!]/);
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? null);
}

/** Code that would be fetched from somewhere while it runs. */
export function isRemote(specifier: string): boolean {
  return /^(?:https?:|data:|\/\/)/i.test(specifier);
}
