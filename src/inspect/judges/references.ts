/**
 * Reads the references in a file: imported modules, and quoted texts, which may be file names. Pure.
 *
 * Names that the code builds at run time are not found.
 */
import { JS_FILE, isModuleName } from '../imports/js-imports';
import { tokensOf } from '../imports/js-tokens';

export interface References {
  /** The modules as written in the imports. */
  imports: string[];
  /** Quoted texts, and words of shell scripts and Makefiles. */
  texts: string[];
}

/** Longer texts are no file names. */
const MAX_TEXT_CHARS = 400;
const COMPONENT = /\.(?:vue|svelte)$/;
const SHELL = /\.(?:sh|bash|zsh)$|(?:^|\/)(?:GNUm|m|M)akefile$|(?:^|\/)Procfile$|(?:^|\/)[^./]+$/;
const QUOTED = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;

export function referencesOf(path: string, text: string): References {
  if (JS_FILE.test(path) || path.endsWith('.json')) return referencesOfScript(text);
  if (COMPONENT.test(path)) return referencesOfScript(scriptsIn(text));
  const texts = quotedIn(text);
  if (path.endsWith('.py')) return { imports: importsOfPython(text), texts };
  if (path.endsWith('.rb'))
    return { imports: importsOfLines(text, /^\s*require(?:_relative)?[\s(]+['"]([^'"]+)['"]/), texts };
  if (path.endsWith('.go')) return { imports: texts, texts };
  if (SHELL.test(path)) return { imports: [], texts: [...texts, ...wordsIn(text)] };
  return { imports: [], texts };
}

function referencesOfScript(text: string): References {
  const tokens = tokensOf(text);
  const texts = tokens.flatMap(({ kind, value }) => (kind === 'text' && isShort(value) ? [value] : []));
  const imports = tokens.flatMap((token, index) =>
    token.kind === 'text' && isModuleName(tokens, index) ? [token.value] : [],
  );
  return { imports, texts };
}

/** Returns the texts between `<script ...>` and `</script>`. */
function scriptsIn(text: string): string {
  const parts = text.split('<script').slice(1);
  return parts.map((part) => (part.split('</script', 1)[0] ?? '').slice(part.indexOf('>') + 1)).join('\n');
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(QUOTED)].map(([, a, b]) => a ?? b ?? '').filter((one) => one !== '' && isShort(one));
}

const isShort = (text: string): boolean => text.length <= MAX_TEXT_CHARS;

function importsOfLines(text: string, pattern: RegExp): string[] {
  return text.split('\n').flatMap((line) => (line.length > MAX_TEXT_CHARS ? [] : (pattern.exec(line)?.[1] ?? [])));
}

/** Reads Python imports: `from .a import b, c` gives `.a`, `.a.b` and `.a.c`, since each may be a module. */
function importsOfPython(text: string): string[] {
  const code = text.replace(/(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$))/g, '""');
  const lines = code.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const [, module, rest = ''] = /^\s*from\s+(\.*[\w.]*)\s+import\b(.*)$/.exec(line) ?? [];
    if (module !== undefined && module !== '') {
      const names = rest.includes('(') ? listUntilParenthesis(rest, lines.slice(at + 1, at + 200)) : rest;
      const joint = module.endsWith('.') ? '' : '.';
      return [module, ...namesIn(names).map((name) => `${module}${joint}${name}`)];
    }
    const list = /^\s*import\s+([A-Za-z_][\w., \t]*)/.exec(line)?.[1];
    const dynamic = [
      ...line.slice(0, MAX_TEXT_CHARS).matchAll(/\b(?:__import__|import_module)\(\s*["'](\.*[\w.]+)["']/g),
    ];
    return [...(list === undefined ? [] : namesIn(list)), ...dynamic.map(([, name = '']) => name)];
  });
}

function listUntilParenthesis(first: string, more: string[]): string {
  const end = first.includes(')') ? 0 : more.findIndex((line) => line.includes(')')) + 1;
  const all = [first, ...more.slice(0, end)];
  return (
    all
      .map((line) => line.replace(/#.*$/, ''))
      .join(' ')
      .split(')', 1)[0] ?? ''
  ).replaceAll('(', ' ');
}

function namesIn(list: string): string[] {
  const names = list.replace(/#.*$/, '').split(',');
  return names.map((name) => name.trim().split(/\s/)[0] ?? '').filter((name) => /^[\w.]+$/.test(name));
}

function wordsIn(text: string): string[] {
  const words = text.split('\n').flatMap((line) => (/^\s*#/.test(line) ? [] : line.split(/[\s;&|()`"'=]+/)));
  return words.filter((word) => /[./]/.test(word) && isShort(word));
}
