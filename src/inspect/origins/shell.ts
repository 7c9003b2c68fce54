/**
 * Commands that fetch code and run it, beside what manifests declare: `npx x`, `curl | sh`, `pip install x`. Pure.
 *
 * Words are read, no shell is understood: quotes and marks of substitution only part words. So a call that is hidden in a
 * variable is not seen here; what it would install is not in the sandbox of the runs, which have no network.
 */
import { isLoopback, isOfRegistry } from './addresses';
import { shown } from './origin';

/** What a command line fetches or runs from elsewhere, one entry a call. */
export function fetchingCalls(script: string, declared: ReadonlySet<string>): string[] {
  // Most lines of a file of CI have none of these names.
  if (!NAMED.test(script)) return [];
  const found: string[] = [];
  let calls = 0;
  for (const words of script.split(/&&|\|\||[;&|\n]/).map(wordsOf)) {
    for (let at = 0; at < words.length && calls <= MOST_CALLS; at += 1) {
      if (!mayCall(words, at)) continue;
      calls += 1;
      found.push(...callAt(words.slice(at, at + MOST_WORDS), declared, at === 0));
      if (words.length - at > MOST_WORDS) found.push(`calls ${shown(words[at] ?? '')} with more words than are read`);
    }
  }
  if (calls > MOST_CALLS) found.push(`calls more programs that can fetch than the ${MOST_CALLS} that are read`);
  const piped =
    /\|\s*(?:sudo\s+)?(?:\S{0,200}\/)?(?:ba|da|z)?sh\b|\|\s*(?:sudo\s+)?(?:\S{0,200}\/)?(?:node|python3?|perl|ruby)\b/;
  const isFed = found.length === 0 && script.includes('|') && piped.test(script) && /\b(curl|wget)\b/.test(script);
  return [...new Set([...found, ...(isFed ? [shown(script)] : []), ...foreignVariables(script)])];
}

/** What stands in each call that fetches, and in each variable that leads to other code. */
const NAMED =
  /curl|wget|iwr|irm|Invoke-WebRequest|npx|bun|pnpx|uv|npm|yarn|pip|deno|corepack|go|gem|cargo|poetry|conda|mamba|GO|PIP_|UV_|NPM_|YARN_|CARGO_|BUNDLE_|NODE_OPTIONS|PYTHONSTARTUP|LD_PRELOAD|RUSTC|GIT_SSH/;

/** No script of a person has more of them; each is looked at with all of its words. */
const MOST_CALLS = 2_000;
const MOST_WORDS = 500;

/** True where the word can begin a call that fetches, by its name alone. */
function mayCall(words: readonly string[], at: number): boolean {
  return FETCHES.test(words[at] ?? '');
}

const FETCHES =
  /^(?:.*\/)?(?:curl|wget|iwr|irm|Invoke-WebRequest|npx|bunx|pnpx|uvx|npm|pnpm|yarn|bun|pipx|deno|uv|corepack|go|pip3?|gem|cargo|poetry|conda|mamba)(?:@.*)?$/;

function wordsOf(command: string): string[] {
  return command.split(/[\s"'`()<>{}]+/).filter((word) => word !== '');
}

/** A call that begins at the first word. Only the first words of a command call an installer: `echo npm install x` does not. */
function callAt(words: string[], declared: ReadonlySet<string>, isFirst: boolean): string[] {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (/^(curl|wget|iwr|irm|Invoke-WebRequest)$/.test(name)) {
    const away = rest.filter((word) => /^(https?|ftp):\/\//.test(word) && !isLoopback(word));
    return away.map((address) => `fetches ${shown(address)} (${name})`);
  }
  const runner = RUNNERS.find(([pattern]) => pattern.test(words.slice(0, 3).join(' ')));
  if (runner !== undefined) return calledBy(runner, words, declared);
  return isFirst || isBehindWrapper(words) ? installs(name, rest) : [];
}

/** Fetches what it runs: how it is called, and how many words that is. */
const RUNNERS: ReadonlyArray<[RegExp, number]> = [
  [/^(npx|bunx|pnpx|uvx)(@\S+)?( |$)/, 1],
  [/^(npm (exec|x)|pnpm dlx|yarn dlx|bun x|pipx run|deno run) /, 2],
  [/^(uv tool run|corepack (pnpm|yarn) dlx) /, 3],
  [/^go (run|install|get) \S*[\w-]+\.[a-z]+\/\S+@/, 2],
];

/** Programs that packages of another name bring. */
const BRINGS: Readonly<Record<string, string>> = {
  ...{ tsc: 'typescript', tsserver: 'typescript', playwright: '@playwright/test', ng: '@angular/cli', ava: 'ava' },
  ...{ changeset: '@changesets/cli', 'electron-builder': 'electron-builder', tap: 'tap', babel: '@babel/cli' },
  ...{ 'svelte-kit': '@sveltejs/kit', nest: '@nestjs/cli', commitlint: '@commitlint/cli', swc: '@swc/cli' },
  ...{ tailwindcss: '@tailwindcss/cli', biome: '@biomejs/biome', 'react-native': 'react-native', sb: 'storybook' },
  ...{ 'webpack-dev-server': 'webpack-dev-server', webpack: 'webpack-cli', vue: '@vue/cli', cap: '@capacitor/cli' },
  ...{ 'vue-tsc': 'vue-tsc', 'lint-staged': 'lint-staged', cdk: 'aws-cdk', rollup: 'rollup', msw: 'msw', nyc: 'nyc' },
};
/** Options of these runners that take the next word. */
const WITH_VALUE = /^(-w|--workspace|-c|--call|--cache|--registry|--index-url|--index|--python|-C|--prefix)$/;
const NAMES = /^(-p|--package|--from|--spec|--with)(=|$)/;

function calledBy([, length]: [RegExp, number], words: string[], declared: ReadonlySet<string>): string[] {
  const said = shown(words.slice(0, length + 4).join(' '));
  const rest = words.slice(length);
  if (rest.some((word) => /^--no(-install)?$/.test(word)) || words[0] === 'deno') return remoteOnly(words, said);
  const named: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (NAMES.test(word)) named.push(word.includes('=') ? word.slice(word.indexOf('=') + 1) : (rest[(at += 1)] ?? ''));
    else if (WITH_VALUE.test(word)) at += 1;
    else if (!word.startsWith('-')) {
      if (named.length === 0) named.push(word);
      break;
    }
  }
  return named.every((word) => isDeclared(word, declared)) ? [] : [`runs what it fetches: ${said}`];
}

function remoteOnly(words: string[], said: string): string[] {
  return words.some((word) => /^(https?:|npm:|jsr:)/.test(word) && !isLoopback(word))
    ? [`runs what it fetches: ${said}`]
    : [];
}

/** The runner takes what is installed, then: by the package's name, the last part of it, or the program that it brings. */
export function isDeclared(word: string, declared: ReadonlySet<string>): boolean {
  if (/[:#]|^\.{0,2}\//.test(word)) return word.startsWith('./') || word.startsWith('../');
  const name = word.replace(/(?<=.)@[^/]*$/, '');
  // A version that is named is fetched where another is installed.
  if (name !== word) return false;
  const brings = BRINGS[name];
  return (
    declared.has(name) ||
    (brings !== undefined && declared.has(brings)) ||
    [...declared].some((one) => one.startsWith('@') && (one.endsWith(`/${name}`) || one === `@${name}/cli`))
  );
}

function isBehindWrapper([program = '']: string[]): boolean {
  return /^(pip3?|npm|pnpm|yarn|bun|gem|cargo|poetry|uv|pipx)$/.test(program);
}

/** Installs what no manifest names, or from another place. `npm ci` and `pip install -r` go by what is judged elsewhere. */
function installs(name: string, rest: string[]): string[] {
  const said = shown([name, ...rest].join(' '));
  const away = rest.filter((word) => isForeign(word));
  const isInstall = /^(pip3?|npm|pnpm|yarn|bun|gem|cargo|poetry|uv|pipx|conda|mamba)$/.test(name);
  return isInstall && away.length > 0 && rest.some((word) => /^(i|install|add|sync|pip)$/.test(word))
    ? [`installs from elsewhere: ${said}`]
    : [];
}

function isForeign(word: string): boolean {
  if (/^(git\+|github:|gitlab:|git@|bitbucket:)/.test(word)) return true;
  const address = /(https?:\/\/\S+)/.exec(word)?.[1];
  return address !== undefined && !isLoopback(address) && !isOfRegistry(address, 'npm', 'pypi', 'rubygems', 'cargo');
}

const VARIABLE =
  /\b(GOPROXY|GOFLAGS|GONOSUMDB|GONOSUMCHECK|GONOPROXY|GOPRIVATE|GOINSECURE|GOSUMDB|PIP_(?:EXTRA_)?INDEX_URL|PIP_FIND_LINKS|PIP_TRUSTED_HOST|UV_(?:DEFAULT_|EXTRA_)?INDEX(?:_URL)?|UV_FIND_LINKS|NPM_CONFIG_[A-Z_]*REGISTRY|npm_config_[a-z_]*registry|YARN_(?:NPM_)?REGISTRY(?:_SERVER)?|CARGO_REGISTRIES_\w+|CARGO_SOURCE_\w+|BUNDLE_MIRROR\w*|NODE_OPTIONS|PYTHONSTARTUP|LD_PRELOAD|RUSTC_WRAPPER|RUSTC|GIT_SSH_COMMAND)\s*(?:=|:=|\?=|:|\s)\s*["']?([^\s"';]*)/g;
/** Values that lead nowhere else. */
const PLAIN =
  /^(|off|direct|https:\/\/proxy\.golang\.org(,direct)?|sum\.golang\.org|-mod=\w+|-tags=[\w,]+|-buildvcs=false|-[vx]|-race|-count=\d+|--(?!require|import|loader|experimental-loader|eval)[\w=.-]+|\$\{?\w+\}?)$/;

/** Variables that lead a package manager, or each program, to other code. */
function foreignVariables(script: string): string[] {
  return [...script.matchAll(VARIABLE)].flatMap(([, name = '', value = '']) =>
    PLAIN.test(value) || isOfRegistry(value, 'npm', 'pypi', 'cargo', 'rubygems')
      ? []
      : [`sets ${name} to ${shown(value)}`],
  );
}
