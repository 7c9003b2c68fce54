/**
 * Finds the scripts of a package.json that affect its tests: those named like tests, those that the test command and these scripts
 * call, and the pre and post scripts of each. Pure.
 *
 * The texts are searched, not parsed: each word after a program that runs scripts counts, if a script has that name.
 */
export type Scripts = Readonly<Record<string, unknown>>;

interface ScriptSources {
  base: Scripts;
  /** The scripts after the change: a new script may match a pattern, or be the pre or post script of another. */
  changed?: Scripts;
  /** Words from other texts: the test command, or the manifest at the root. */
  words?: readonly string[];
}

const SCRIPT_RUNNERS =
  /^(.*\/)?(npm|pnpm|yarn|yarnpkg|bun|run-[sp]|npm-run-all2?|concurrently|start-server-and-test|start-test|wsrun|lerna|turbo|nx|lage|rush|--run|\$\{?npm_execpath\}?)$/;
const ALIASES = new Map([
  ['t', 'test'],
  ['tst', 'test'],
]);
const TEST_SCRIPT = /^(pre|post)?(test|coverage)/;
/** Far more than real manifests have. Above the limit, every script counts as called, so none may be rewritten. */
const MAX_PATTERNS = 200;

export function testScripts({ base, changed = {}, words = [] }: ScriptSources): Set<string> {
  const names = [...Object.keys(base), ...Object.keys(changed)];
  return calledScripts({ base, changed, words: [...names.filter((name) => TEST_SCRIPT.test(name)), ...words] });
}

/** Returns the scripts that the words name, and all scripts that these call. */
export function calledScripts({ base, changed = {}, words = [] }: ScriptSources): Set<string> {
  const names = new Set([...Object.keys(base), ...Object.keys(changed)]);
  const found = new Set<string>();
  const addNamedScripts = createAdder(names, found);
  words.forEach(addNamedScripts);
  // A loop over a set also visits members that are added during the loop.
  for (const name of found) {
    for (const hook of [`pre${name}`, `post${name}`]) if (names.has(hook)) found.add(hook);
    scriptWords(textOf(base, name)).forEach(addNamedScripts);
  }
  return found;
}

/** Returns all words that the test command and its scripts may call, for the manifests of other folders. */
export function calledWords(base: Scripts, command: readonly string[]): string[] {
  const words = scriptWords(command.join(' '));
  const texts = [...testScripts({ base, words })].map((name) => textOf(base, name));
  return [...new Set([...words, ...texts.flatMap(scriptWords)])];
}

/** Returns the scripts of a manifest; none if the text is not a JSON object. */
export function scriptsOf(manifest: string | null | undefined): Scripts {
  try {
    const scripts = (JSON.parse(manifest ?? '{}') as { scripts?: unknown } | null)?.scripts;
    return typeof scripts === 'object' && scripts !== null && !Array.isArray(scripts) ? (scripts as Scripts) : {};
  } catch {
    return {};
  }
}

/** Returns the words that may name a script: each word after a program that runs scripts, with and without shell operators. */
function scriptWords(text: string): string[] {
  const commands = text.replace(/["'`\\]/g, ' ').split(/&&|\|\||[;&\n]|\|(?=\s)/);
  return commands.flatMap((command) => {
    const words = command
      .split(/[\s=]+/)
      .flatMap((word) => (word.includes('{') ? [word] : word.split(',')))
      .flatMap((word) => (/[|<>()]/.test(word) ? [word, ...word.split(/[|<>()]+/)] : [word]));
    const programIndex = words.findIndex((word) => SCRIPT_RUNNERS.test(word));
    if (programIndex < 0) return [];
    const argumentWords = words.slice(programIndex + 1).filter((word) => word !== '' && !word.startsWith('-'));
    return argumentWords.flatMap((word) => [
      ...new Set([ALIASES.get(word) ?? word, word.replace(/^(npm|pnpm|yarn|bun|node):/, '')]),
    ]);
  });
}

/** Returns a function that adds the scripts that a word names. The word may be a pattern (`test:*`, `build-{a,b}`, `lint:!(fix)`): its beginning and end must match. */
function createAdder(names: ReadonlySet<string>, found: Set<string>): (word: string) => void {
  const patterns = new Set<string>();
  return (word) => {
    if (names.has(word)) found.add(word);
    if (names.has(word) || patterns.size > MAX_PATTERNS) return;
    // The text before the first wildcard, and the text after the last one.
    const [, prefix, suffix] = /^([^*?![{(]*)[*?![{(](?:.*[*?\]})])?([^*?\]})]*)$/s.exec(word) ?? [];
    const pattern = `${prefix}*${suffix}`;
    if (prefix === undefined || suffix === undefined || pattern === '*' || patterns.has(pattern)) return;
    patterns.add(pattern);
    const isOverLimit = patterns.size > MAX_PATTERNS;
    for (const name of names) if (isOverLimit || (name.startsWith(prefix) && name.endsWith(suffix))) found.add(name);
  };
}

function textOf(scripts: Scripts, name: string): string {
  const text = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  return typeof text === 'string' ? text : '';
}
