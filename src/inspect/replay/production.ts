/**
 * Reads the environment variables that a repository's own files set for the deployed program, and decides which files near a tested
 * file are loaded with it. Pure.
 *
 * Variables that steer an interpreter or a shell are left out: with them the replaying process might not find its own modules.
 */
import { filesIn, manifestOf } from '../judges/resolve';

const MAX_VARIABLES = 30;
const MAX_CHARS = 64 * 1024;
const NAME = /^[A-Za-z_]\w{0,60}$/;
const STEERING_NAMES = /^(?:PATH|HOME|PWD|SHELL|IFS|TZ|LANG|NODE_OPTIONS|NODE_PATH|PYTHON\w*)$|^(?:LD|DYLD|LC|BASH)_/;

/** True for the names of files that `productionVariables` reads. */
export function isSettingFile(name: string): boolean {
  return /^(?:Dockerfile(?:\.[\w-]+)?|Containerfile|Procfile|(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml)$/.test(name);
}

export function productionVariables(files: Array<{ name: string; text: string }>): Record<string, string> {
  const found = files.flatMap(({ name, text }) => {
    const lines = text.slice(0, MAX_CHARS).split('\n');
    if (name === 'Procfile') return lines.flatMap((line) => readAssignments(line.replace(/^[\w-]+:/, '')));
    return /\.ya?ml$/.test(name) ? variablesInCompose(lines) : variablesInDockerfile(lines);
  });
  return Object.fromEntries(
    found
      .filter(([name, value]) => NAME.test(name) && !STEERING_NAMES.test(name) && isPlain(value))
      .slice(0, MAX_VARIABLES),
  );
}

/** True for a value without placeholders that another tool fills in. */
function isPlain(value: string): boolean {
  return value.length <= 200 && !value.includes('$');
}

/** Reads assignments such as `A=b C="d"`, up to the first word that is no assignment. */
function readAssignments(line: string): Array<[string, string]> {
  const found: Array<[string, string]> = [];
  for (const word of line.trim().match(/\w+=(?:"[^"]*"|'[^']*'|\S*)|\S+/g) ?? []) {
    const at = word.indexOf('=');
    if (at < 1) break;
    found.push([word.slice(0, at), withoutQuotes(word.slice(at + 1))]);
  }
  return found;
}

function withoutQuotes(value: string): string {
  const text = value.trim();
  const quote = text[0];
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text;
}

function variablesInDockerfile(lines: string[]): Array<[string, string]> {
  const joined: string[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    if (before?.endsWith('\\') === true) joined[joined.length - 1] = `${before.slice(0, -1)} ${line.trim()}`;
    else joined.push(line.trimEnd());
  }
  return joined.flatMap((line) => {
    const text = /^ENV\s(.*)$/i.exec(line.trim())?.[1]?.trim();
    if (text === undefined) return [];
    const [name = '', ...rest] = text.split(' ');
    return name.includes('=') ? readAssignments(text) : [[name, withoutQuotes(rest.join(' '))] as [string, string]];
  });
}

/** Reads the variables that are indented below `environment:`, as a list or as a map. */
function variablesInCompose(lines: string[]): Array<[string, string]> {
  let depth = -1;
  const found: Array<[string, string]> = [];
  for (const line of lines) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const indent = line.length - line.trimStart().length;
    if (text === 'environment:') depth = indent;
    else if (depth !== -1 && (indent > depth || (indent === depth && text.startsWith('- ')))) {
      const pair = withoutQuotes(text.replace(/^- /, ''));
      const at = pair.search(/[=:]/);
      if (at > 0) found.push([pair.slice(0, at).trim(), withoutQuotes(pair.slice(at + 1))]);
    } else depth = -1;
  }
  return found;
}

const NOT_LOADED =
  /(?:^|[._-])(?:tests?|spec|conftest|config|setup|server|serve|cli|bin|main|manage|wsgi|asgi|app|migrate|seed|deploy|min|d|stories|bench)(?:[._-]|$)|^__/i;

/** True if a file in the folder of a tested file is loaded with it: its name is not that of a program, a test or a setting. */
export function isLoadedBeside(path: string, isPython: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (isPython ? /\.py$/ : /\.(?:[cm]?[jt]s|[jt]sx)$/).test(name) && !NOT_LOADED.test(name);
}

const MAX_DEPTH = 6;

/** Returns the files that users of a package load, from `main`, `module` and `exports` of its manifest, relative to the package's folder. */
export function loadedEntriesOf(manifest: string): string[] {
  const { main, module, exports } = manifestOf(manifest);
  const paths = filesIn([main, module, exports], MAX_DEPTH);
  return [...new Set(paths)].filter((one) => /\.[cm]?js$/.test(one) && !one.includes('..') && !one.includes('*'));
}
