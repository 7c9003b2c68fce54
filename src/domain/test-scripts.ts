/**
 * Which scripts of a package.json decide how its tests run: those of that name, those that the test command and their own texts
 * call, one after the other, and what runs before and after each. Pure.
 *
 * Texts are searched, not understood: a word behind a program that runs scripts counts as a name where a script has it.
 */
export type Scripts = Readonly<Record<string, unknown>>;

interface Led {
  base: Scripts;
  /** Of the change: a name that only it has may be called by a pattern, or run before or after another. */
  changed?: Scripts;
  /** Words from elsewhere: of the test command, or of the manifest at the root. */
  words?: readonly string[];
}

const PROGRAMS =
  /^(.*\/)?(npm|pnpm|yarn|yarnpkg|bun|run-[sp]|npm-run-all2?|concurrently|start-server-and-test|start-test|wsrun|lerna|turbo|nx|lage|rush|--run|\$\{?npm_execpath\}?)$/;
const ALIASES = new Map([
  ['t', 'test'],
  ['tst', 'test'],
]);
const TESTS = /^(pre|post)?(test|coverage)/;
/** Many more than manifests have: where texts hold more patterns, each script counts as called, so none may be rewritten. */
const MOST_PATTERNS = 200;

export function testScripts({ base, changed = {}, words = [] }: Led): Set<string> {
  const names = [...Object.keys(base), ...Object.keys(changed)];
  return calledScripts({ base, changed, words: [...names.filter((name) => TESTS.test(name)), ...words] });
}

/** Those that the words name, and all that these call. */
export function calledScripts({ base, changed = {}, words = [] }: Led): Set<string> {
  const names = new Set([...Object.keys(base), ...Object.keys(changed)]);
  const found = new Set<string>();
  const addNamed = adder(names, found);
  words.forEach(addNamed);
  // A set is walked to its end, also what is added on the way.
  for (const name of found) {
    for (const beside of [`pre${name}`, `post${name}`]) if (names.has(beside)) found.add(beside);
    scriptWords(textOf(base, name)).forEach(addNamed);
  }
  return found;
}

/** All that the test command and the scripts that it leads to may call, for the manifests of other folders. */
export function calledWords(base: Scripts, command: readonly string[]): string[] {
  const words = scriptWords(command.join(' '));
  const texts = [...testScripts({ base, words })].map((name) => textOf(base, name));
  return [...new Set([...words, ...texts.flatMap(scriptWords)])];
}

/** The scripts that a manifest has; none where the text is no JSON object. */
export function scriptsOf(manifest: string | null | undefined): Scripts {
  try {
    const scripts = (JSON.parse(manifest ?? '{}') as { scripts?: unknown } | null)?.scripts;
    return typeof scripts === 'object' && scripts !== null && !Array.isArray(scripts) ? (scripts as Scripts) : {};
  } catch {
    return {};
  }
}

/** What may name a script: each word behind a program that runs scripts, with and without what may be marks of the shell. */
function scriptWords(text: string): string[] {
  const commands = text.replace(/["'`\\]/g, ' ').split(/&&|\|\||[;&\n]|\|(?=\s)/);
  return commands.flatMap((command) => {
    const words = command
      .split(/[\s=]+/)
      .flatMap((word) => (word.includes('{') ? [word] : word.split(',')))
      .flatMap((word) => (/[|<>()]/.test(word) ? [word, ...word.split(/[|<>()]+/)] : [word]));
    const begin = words.findIndex((word) => PROGRAMS.test(word));
    if (begin < 0) return [];
    const rest = words.slice(begin + 1).filter((word) => word !== '' && !word.startsWith('-'));
    return rest.flatMap((word) => [
      ...new Set([ALIASES.get(word) ?? word, word.replace(/^(npm|pnpm|yarn|bun|node):/, '')]),
    ]);
  });
}

/** A word may be a pattern: `test:*`, `build-{a,b}`, `lint:!(fix)`. What stands before and behind its marks must be there. */
function adder(names: ReadonlySet<string>, found: Set<string>): (word: string) => void {
  const patterns = new Set<string>();
  return (word) => {
    if (names.has(word)) found.add(word);
    if (names.has(word) || patterns.size > MOST_PATTERNS) return;
    const [, before, after] = /^([^*?![{(]*)[*?![{(](?:.*[*?\]})])?([^*?\]})]*)$/s.exec(word) ?? [];
    const pattern = `${before}*${after}`;
    if (before === undefined || after === undefined || pattern === '*' || patterns.has(pattern)) return;
    patterns.add(pattern);
    const isBeyond = patterns.size > MOST_PATTERNS;
    for (const name of names) if (isBeyond || (name.startsWith(before) && name.endsWith(after))) found.add(name);
  };
}

function textOf(scripts: Scripts, name: string): string {
  const text = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  return typeof text === 'string' ? text : '';
}
