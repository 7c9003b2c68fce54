/**
 * Finds what a JavaScript or TypeScript file imports: `import`, `export from`, `import()`, `require()`. Pure.
 *
 * Module names that are computed at run time are not found.
 */
import { isBuiltin } from 'node:module';
import { tokensOf } from './js-tokens';
import type { Token } from './js-tokens';

export interface FoundImport {
  /** The module's name as the code writes it. */
  specifier: string;
  line: number;
}

export const JS_FILE = /\.(?:[cm]?[jt]sx?)$/;

export function jsImports(source: string): FoundImport[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, index) =>
    token.kind === 'text' && isModuleName(tokens, index) ? [{ specifier: token.value, line: token.line }] : [],
  );
}

/** True if the text token at `index` is the name of an imported module. */
export function isModuleName(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.kind === 'word' && (before.value === 'from' || before.value === 'import'))
    return !isMember(tokens, index - 1);
  if (before?.value !== '(') return false;
  const call = tokens[index - 2];
  if (call?.kind !== 'word') return false;
  if (call.value === 'import' || call.value === 'require') return !isMember(tokens, index - 2);
  return call.value === 'resolve' && tokens[index - 4]?.value === 'require';
}

/** True for `x.from` and `x.require`: a member of another object, not the keyword. */
function isMember(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.value === '.';
}

/** Returns the package that a specifier names; null for a module of Node, a file of the repository, and an alias. */
export function packageOf(specifier: string): string | null {
  if (/^(?:\.{1,2}(?:\/|$)|\/|#|~|@\/|\$)/.test(specifier) || specifier === '') return null;
  if (isBuiltin(specifier) || /^[a-z][a-z+.-]*:/i.test(specifier)) return null;
  const parts = specifier.split(/[/?!]/);
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? null);
}

/** True for code that is fetched from the network, or stands in the specifier itself, at run time. */
export function isRemote(specifier: string): boolean {
  return /^(?:https?:|data:|\/\/)/i.test(specifier);
}
