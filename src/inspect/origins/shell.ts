/**
 * Finds commands that fetch and run code outside of the manifests: `npx x`, `curl | sh`, `pip install x`. Pure.
 *
 * This is no shell parser: quotes and substitution marks only separate words. A call hidden in a variable is not found, but the
 * sandbox of the runs has no network to install anything.
 */
import { isLoopback, isOfRegistry } from './addresses';
import { shorten } from './origin';

/** Returns what a command line fetches or runs from elsewhere, one entry for each call. */
export function fetchingCalls(script: string, declared: ReadonlySet<string>): string[] {
  // A quick check, since most lines contain none of these names.
  if (!FETCHING_NAMES.test(script)) return [];
  const found: string[] = [];
  let calls = 0;
  for (const words of script.split(/&&|\|\||[;&|\n]/).map(wordsOf)) {
    for (let at = 0; at < words.length && calls <= MAX_CALLS; at += 1) {
      if (!mayCall(words, at)) continue;
      calls += 1;
      found.push(...callAt(words.slice(at, at + MAX_WORDS), declared, at === 0));
      if (words.length - at > MAX_WORDS) found.push(`calls ${shorten(words[at] ?? '')} with more words than are read`);
    }
  }
  if (calls > MAX_CALLS) found.push(`calls more programs that can fetch than the ${MAX_CALLS} that are read`);
  const piped =
    /\|\s*(?:sudo\s+)?(?:\S{0,200}\/)?(?:ba|da|z)?sh\b|\|\s*(?:sudo\s+)?(?:\S{0,200}\/)?(?:node|python3?|perl|ruby)\b/;
  const isFed = found.length === 0 && script.includes('|') && piped.test(script) && /\b(curl|wget)\b/.test(script);
  return [...new Set([...found, ...(isFed ? [shorten(script)] : []), ...foreignVariables(script)])];
}

/** Names of programs that can fetch, and of variables that can select other code. */
const FETCHING_NAMES =
  /curl|wget|iwr|irm|Invoke-WebRequest|npx|bun|pnpx|uv|npm|yarn|pip|deno|corepack|go|gem|cargo|poetry|conda|mamba|GO|PIP_|UV_|NPM_|YARN_|CARGO_|BUNDLE_|NODE_OPTIONS|PYTHONSTARTUP|LD_PRELOAD|RUSTC|GIT_SSH/;

/** Maximum numbers of calls in a script and of words in a call; real scripts have fewer. */
const MAX_CALLS = 2_000;
const MAX_WORDS = 500;

/** True if the word is the name of a program that can fetch. */
function mayCall(words: readonly string[], at: number): boolean {
  return FETCHES.test(words[at] ?? '');
}

const FETCHES =
  /^(?:.*\/)?(?:curl|wget|iwr|irm|Invoke-WebRequest|npx|bunx|pnpx|uvx|npm|pnpm|yarn|bun|pipx|deno|uv|corepack|go|pip3?|gem|cargo|poetry|conda|mamba)(?:@.*)?$/;

function wordsOf(command: string): string[] {
  return command.split(/[\s"'`()<>{}]+/).filter((word) => word !== '');
}

/** Reads a call that begins at the first word. An installer counts only at the beginning of a command: `echo npm install x` is no call. */
function callAt(words: string[], declared: ReadonlySet<string>, isFirst: boolean): string[] {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (/^(curl|wget|iwr|irm|Invoke-WebRequest)$/.test(name)) {
    const away = rest.filter((word) => /^(https?|ftp):\/\//.test(word) && !isLoopback(word));
    return away.map((address) => `fetches ${shorten(address)} (${name})`);
  }
  const runner = RUNNERS.find(([pattern]) => pattern.test(words.slice(0, 3).join(' ')));
  if (runner !== undefined) return calledBy(runner, words, declared);
  return isFirst || isBehindWrapper(words) ? installs(name, rest) : [];
}

/** Programs that fetch what they run, with the number of words of the call. */
const RUNNERS: ReadonlyArray<[RegExp, number]> = [
  [/^(npx|bunx|pnpx|uvx)(@\S+)?( |$)/, 1],
  [/^(npm (exec|x)|pnpm dlx|yarn dlx|bun x|pipx run|deno run) /, 2],
  [/^(uv tool run|corepack (pnpm|yarn) dlx) /, 3],
  [/^go (run|install|get) \S*[\w-]+\.[a-z]+\/\S+@/, 2],
];

/** Packages that provide a program of another name. */
const PROVIDERS: Readonly<Record<string, string>> = {
  ...{ tsc: 'typescript', tsserver: 'typescript', playwright: '@playwright/test', ng: '@angular/cli', ava: 'ava' },
  ...{ changeset: '@changesets/cli', 'electron-builder': 'electron-builder', tap: 'tap', babel: '@babel/cli' },
  ...{ 'svelte-kit': '@sveltejs/kit', nest: '@nestjs/cli', commitlint: '@commitlint/cli', swc: '@swc/cli' },
  ...{ tailwindcss: '@tailwindcss/cli', biome: '@biomejs/biome', 'react-native': 'react-native', sb: 'storybook' },
  ...{ 'webpack-dev-server': 'webpack-dev-server', webpack: 'webpack-cli', vue: '@vue/cli', cap: '@capacitor/cli' },
  ...{ 'vue-tsc': 'vue-tsc', 'lint-staged': 'lint-staged', cdk: 'aws-cdk', rollup: 'rollup', msw: 'msw', nyc: 'nyc' },
};
/** Options of these programs that take a value. */
const WITH_VALUE = /^(-w|--workspace|-c|--call|--cache|--registry|--index-url|--index|--python|-C|--prefix)$/;
const NAMES = /^(-p|--package|--from|--spec|--with)(=|$)/;

function calledBy([, length]: [RegExp, number], words: string[], declared: ReadonlySet<string>): string[] {
  const said = shorten(words.slice(0, length + 4).join(' '));
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

/** True if a declared package provides the program, by the package's name, its last part, or the program's name: then nothing is fetched. */
export function isDeclared(word: string, declared: ReadonlySet<string>): boolean {
  if (/[:#]|^\.{0,2}\//.test(word)) return word.startsWith('./') || word.startsWith('../');
  const name = word.replace(/(?<=.)@[^/]*$/, '');
  // An explicit version is fetched if another one is installed.
  if (name !== word) return false;
  const brings = PROVIDERS[name];
  return (
    declared.has(name) ||
    (brings !== undefined && declared.has(brings)) ||
    [...declared].some((one) => one.startsWith('@') && (one.endsWith(`/${name}`) || one === `@${name}/cli`))
  );
}

function isBehindWrapper([program = '']: string[]): boolean {
  return /^(pip3?|npm|pnpm|yarn|bun|gem|cargo|poetry|uv|pipx)$/.test(program);
}

/** Reports installations from other sources. `npm ci` and `pip install -r` install what other readers judge. */
function installs(name: string, rest: string[]): string[] {
  const said = shorten([name, ...rest].join(' '));
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
/** Values that select no other source. */
const PLAIN =
  /^(|off|direct|https:\/\/proxy\.golang\.org(,direct)?|sum\.golang\.org|-mod=\w+|-tags=[\w,]+|-buildvcs=false|-[vx]|-race|-count=\d+|--(?!require|import|loader|experimental-loader|eval)[\w=.-]+|\$\{?\w+\}?)$/;

/** Reports variables that make a package manager or any program use other code. */
function foreignVariables(script: string): string[] {
  return [...script.matchAll(VARIABLE)].flatMap(([, name = '', value = '']) =>
    PLAIN.test(value) || isOfRegistry(value, 'npm', 'pypi', 'cargo', 'rubygems')
      ? []
      : [`sets ${name} to ${shorten(value)}`],
  );
}
