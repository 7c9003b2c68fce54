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
      if (!FETCHING_PROGRAM.test(words[at] ?? '')) continue;
      calls += 1;
      found.push(...callAt(words.slice(at, at + MAX_WORDS), declared, at === 0));
      if (words.length - at > MAX_WORDS) found.push(`calls ${shorten(words[at] ?? '')} with more words than are read`);
    }
  }
  if (calls > MAX_CALLS) found.push(`calls more programs that can fetch than the ${MAX_CALLS} that are read`);
  const pipeToInterpreter =
    /\|\s*(?:sudo\s+)?(?:\S{0,200}\/)?(?:ba|da|z)?sh\b|\|\s*(?:sudo\s+)?(?:\S{0,200}\/)?(?:node|python3?|perl|ruby)\b/;
  const isPipedDownload =
    found.length === 0 && script.includes('|') && pipeToInterpreter.test(script) && /\b(curl|wget)\b/.test(script);
  return [...new Set([...found, ...(isPipedDownload ? [shorten(script)] : []), ...foreignVariables(script)])];
}

/** Names of programs that can fetch, and of variables that can select other code. */
const FETCHING_NAMES =
  /curl|wget|iwr|irm|Invoke-WebRequest|npx|bun|pnpx|uv|npm|yarn|pip|deno|corepack|go|gem|cargo|poetry|conda|mamba|GO|PIP_|UV_|NPM_|YARN_|CARGO_|BUNDLE_|NODE_OPTIONS|PYTHONSTARTUP|LD_PRELOAD|RUSTC|GIT_SSH/;

/** Maximum numbers of calls in a script and of words in a call; real scripts have fewer. */
const MAX_CALLS = 2_000;
const MAX_WORDS = 500;

/** The name of a program that can fetch. */
const FETCHING_PROGRAM =
  /^(?:.*\/)?(?:curl|wget|iwr|irm|Invoke-WebRequest|npx|bunx|pnpx|uvx|npm|pnpm|yarn|bun|pipx|deno|uv|corepack|go|pip3?|gem|cargo|poetry|conda|mamba)(?:@.*)?$/;

function wordsOf(command: string): string[] {
  return command.split(/[\s"'`()<>{}]+/).filter((word) => word !== '');
}

/** Reads a call that begins at the first word. An installer counts only at the beginning of a command: `echo npm install x` installs nothing. */
function callAt(words: string[], declared: ReadonlySet<string>, isFirst: boolean): string[] {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (/^(curl|wget|iwr|irm|Invoke-WebRequest)$/.test(name)) {
    const addresses = rest.filter((word) => /^(https?|ftp):\/\//.test(word) && !isLoopback(word));
    return addresses.map((address) => `fetches ${shorten(address)} (${name})`);
  }
  const runner = RUNNERS.find(([pattern]) => pattern.test(words.slice(0, 3).join(' ')));
  if (runner !== undefined) return runnerCalls(runner, words, declared);
  return isFirst || isInstaller(words) ? foreignInstalls(name, rest) : [];
}

/** Programs that fetch what they run, with the number of their words before the options. */
const RUNNERS: ReadonlyArray<[call: RegExp, wordCount: number]> = [
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
/** Options that name the package to fetch. */
const PACKAGE_OPTION = /^(-p|--package|--from|--spec|--with)(=|$)/;

function runnerCalls([, wordCount]: [RegExp, number], words: string[], declared: ReadonlySet<string>): string[] {
  const call = shorten(words.slice(0, wordCount + 4).join(' '));
  const rest = words.slice(wordCount);
  if (rest.some((word) => /^--no(-install)?$/.test(word)) || words[0] === 'deno') return remoteAddresses(words, call);
  const packages: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (PACKAGE_OPTION.test(word))
      packages.push(word.includes('=') ? word.slice(word.indexOf('=') + 1) : (rest[(at += 1)] ?? ''));
    else if (WITH_VALUE.test(word)) at += 1;
    else if (!word.startsWith('-')) {
      if (packages.length === 0) packages.push(word);
      break;
    }
  }
  return packages.every((word) => isDeclared(word, declared)) ? [] : [`runs what it fetches: ${call}`];
}

/** Reports a call that fetches nothing by itself, if it names a remote module. */
function remoteAddresses(words: string[], call: string): string[] {
  return words.some((word) => /^(https?:|npm:|jsr:)/.test(word) && !isLoopback(word))
    ? [`runs what it fetches: ${call}`]
    : [];
}

/** True if a declared package provides the program, by the package's name or its last part: then the runner fetches nothing. */
export function isDeclared(word: string, declared: ReadonlySet<string>): boolean {
  if (/[:#]|^\.{0,2}\//.test(word)) return word.startsWith('./') || word.startsWith('../');
  const name = word.replace(/(?<=.)@[^/]*$/, '');
  // The runner fetches an explicit version if another one is installed.
  if (name !== word) return false;
  const provider = PROVIDERS[name];
  return (
    declared.has(name) ||
    (provider !== undefined && declared.has(provider)) ||
    [...declared].some((one) => one.startsWith('@') && (one.endsWith(`/${name}`) || one === `@${name}/cli`))
  );
}

function isInstaller([program = '']: string[]): boolean {
  return /^(pip3?|npm|pnpm|yarn|bun|gem|cargo|poetry|uv|pipx)$/.test(program);
}

/** Reports installations from other sources. `npm ci` and `pip install -r` install what other readers judge. */
function foreignInstalls(name: string, rest: string[]): string[] {
  const call = shorten([name, ...rest].join(' '));
  const foreignWords = rest.filter((word) => isForeign(word));
  const isInstall = /^(pip3?|npm|pnpm|yarn|bun|gem|cargo|poetry|uv|pipx|conda|mamba)$/.test(name);
  return isInstall && foreignWords.length > 0 && rest.some((word) => /^(i|install|add|sync|pip)$/.test(word))
    ? [`installs from elsewhere: ${call}`]
    : [];
}

function isForeign(word: string): boolean {
  if (/^(git\+|github:|gitlab:|git@|bitbucket:)/.test(word)) return true;
  const address = /(https?:\/\/\S+)/.exec(word)?.[1];
  return address !== undefined && !isLoopback(address) && !isOfRegistry(address, 'npm', 'pypi', 'rubygems', 'cargo');
}

/** A setting of a variable that can select other code; the groups are name and value. */
const VARIABLE =
  /\b(GOPROXY|GOFLAGS|GONOSUMDB|GONOSUMCHECK|GONOPROXY|GOPRIVATE|GOINSECURE|GOSUMDB|PIP_(?:EXTRA_)?INDEX_URL|PIP_FIND_LINKS|PIP_TRUSTED_HOST|UV_(?:DEFAULT_|EXTRA_)?INDEX(?:_URL)?|UV_FIND_LINKS|NPM_CONFIG_[A-Z_]*REGISTRY|npm_config_[a-z_]*registry|YARN_(?:NPM_)?REGISTRY(?:_SERVER)?|CARGO_REGISTRIES_\w+|CARGO_SOURCE_\w+|BUNDLE_MIRROR\w*|NODE_OPTIONS|PYTHONSTARTUP|LD_PRELOAD|RUSTC_WRAPPER|RUSTC|GIT_SSH_COMMAND)\s*(?:=|:=|\?=|:|\s)\s*["']?([^\s"';]*)/g;
/** Values that select no other source. */
const PLAIN_VALUE =
  /^(|off|direct|https:\/\/proxy\.golang\.org(,direct)?|sum\.golang\.org|-mod=\w+|-tags=[\w,]+|-buildvcs=false|-[vx]|-race|-count=\d+|--(?!require|import|loader|experimental-loader|eval)[\w=.-]+|\$\{?\w+\}?)$/;

/** Reports variables that make a package manager or any program use other code. */
function foreignVariables(script: string): string[] {
  return [...script.matchAll(VARIABLE)].flatMap(([, name = '', value = '']) =>
    PLAIN_VALUE.test(value) || isOfRegistry(value, 'npm', 'pypi', 'cargo', 'rubygems')
      ? []
      : [`sets ${name} to ${shorten(value)}`],
  );
}
