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
const ALIASES: Readonly<Record<string, string>> = { t: 'test', tst: 'test' };
const TESTS = /^(pre|post)?(test|coverage)/;

export function testScripts({ base, changed = {}, words = [] }: Led): Set<string> {
  const names = [...Object.keys(base), ...Object.keys(changed)];
  return calledScripts({ base, changed, words: [...names.filter((name) => TESTS.test(name)), ...words] });
}

/** Those that the words name, and all that these call. */
export function calledScripts({ base, changed = {}, words = [] }: Led): Set<string> {
  const names = [...new Set([...Object.keys(base), ...Object.keys(changed)])];
  const found = new Set(namesIn(words, names));
  // A set is walked to its end, also what is added on the way.
  for (const name of found) {
    for (const beside of [`pre${name}`, `post${name}`]) if (names.includes(beside)) found.add(beside);
    for (const called of namesIn(scriptWords(textOf(base, name)), names)) found.add(called);
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

/** What may name a script: each word behind a program that runs scripts. */
function scriptWords(text: string): string[] {
  const commands = text.replace(/["'`\\]/g, ' ').split(/&&|\|\||[;&\n]|\|(?=\s)/);
  return commands.flatMap((command) => {
    const words = command
      .split(/[\s=]+/)
      .flatMap((word) => (word.includes('{') ? [word] : word.split(',')))
      .map((word) => word.replace(/^\(+/, ''));
    const begin = words.findIndex((word) => PROGRAMS.test(word));
    if (begin < 0) return [];
    const rest = words.slice(begin + 1).filter((word) => word !== '' && !word.startsWith('-'));
    return rest.map((word) => ALIASES[word] ?? word.replace(/^(npm|pnpm|yarn|bun|node):/, ''));
  });
}

/** A word may be a pattern: `test:*`, `build-{a,b}`, `lint:!(fix)`. What stands before and behind its marks must be there. */
function namesIn(words: readonly string[], names: readonly string[]): string[] {
  return words.flatMap((word) => {
    const bare = word.replace(/\)+$/, '');
    if (names.includes(bare)) return [bare];
    const [, before, after] = /^([^*?![{(]*)[*?![{(](?:.*[*?\]})])?([^*?\]})]*)$/.exec(word) ?? [];
    if (before === undefined || after === undefined || before + after === '') return [];
    return names.filter((name) => name.startsWith(before) && name.endsWith(after));
  });
}

function textOf(scripts: Scripts, name: string): string {
  const text = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  return typeof text === 'string' ? text : '';
}
