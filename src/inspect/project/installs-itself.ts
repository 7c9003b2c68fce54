/**
 * Finds the languages whose packages a set-up command installs itself, by the commands of package managers. Pure.
 *
 * The program alone does not show it: `npm run gen` and `python3 gen.py` still need the packages of the derived step.
 */
import type { Language } from '../packages/install';

/** `setup` is one argument list. If it passes a script to a shell, the calls in the script count. */
export function languagesInstalledBy(setup: readonly string[]): Language[] {
  const calls = callsOf(setup);
  return INSTALL_CALLS.filter(([, pattern]) => calls.some((call) => pattern.test(call))).map(([language]) => language);
}

/** Calls that install the packages of the project; `npm install x` and `pip install x` only add others. */
const JS_INSTALL = /^(?:(?:npm|cnpm|pnpm|bun) (?:install-test|it|install|i|add)|yarn|yarn install)(?: \.| \$\S+)*$/;
const PIP_INSTALL = /^(?:pip|uv pip) install (?:.* )?(?:-[re]|\.{1,2}(?:\[\S*)?|(?!\S*:\/\/)[^\s/]*\/\S*)(?: |$)/;
const PYTHON_INSTALL =
  /^(?:uv (?:sync|add|pip sync)|(?:poetry|pdm|pipenv) (?:install|sync|add)|python setup\.py (?:install|develop))\b/;

/**
 * Patterns of calls in their normal form: the program's name and the words that are not options. Only calls that install
 * into the tree count: `go mod download`, `cargo fetch` and Maven fill a cache in the home folder of the set-up command,
 * which the worker removes afterwards.
 */
const INSTALL_CALLS: ReadonlyArray<[Language, RegExp]> = [
  ['javascript', JS_INSTALL],
  ['javascript', /^(?:(?:npm|cnpm) (?:ci|install-clean|clean-install|install-ci-test|cit)|pnpm ci|bun ci)\b/],
  ['javascript', /^yarn workspaces focus\b/],
  ['python', PIP_INSTALL],
  ['python', PYTHON_INSTALL],
  ['go', /^go (?:mod|work) vendor\b/],
  ['rust', /^cargo vendor\b/],
];

/** Returns the simple commands of an argument list, each as one line. */
function callsOf(words: readonly string[]): string[] {
  const [program = '', ...rest] = withoutWrappers(words);
  const script = /^(?:ba|da|z|k)?sh$/.test(nameOf(program)) ? scriptOf(rest) : undefined;
  if (script === undefined) return [normalizeCall([program, ...rest])];
  return script
    .replace(/\\\n/g, ' ')
    .split(/[\n;&|(){}]+/)
    .flatMap((part) => callsOf(part.match(/"[^"]*"|'[^']*'|[^\s"']+/g)?.map(unquoted) ?? []))
    .filter((call) => call !== '');
}

/** Returns the text after `-c`; undefined if the shell reads a file. */
function scriptOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at < 0 ? undefined : words[at + 1];
}

const WRAPPERS = /^(?:env|exec|time|command|nice|sudo|corepack|npx|if|then|else|do|!)$/;

/** Removes variables, and programs and words that start another command. */
function withoutWrappers(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !/^\w+=/.test(word) && !WRAPPERS.test(nameOf(word)));
  return first < 0 ? [] : words.slice(first);
}

/** Options that take a value. */
const WITH_VALUE =
  /^(?:--prefix|--cwd|--dir|-C|--filter|-F|-w|--workspace|--directory|--project|-f|--file|--python|--registry|--cache|--omit|--include|--loglevel|--constraint|--target|--find-links|--cache-dir|--root|--src|--log|--index-url|--extra-index-url|\d*[<>]+)$/;
const PIP_WITH_VALUE = /^-[cit]$/;
const PIP_PROGRAMS = /^(?:pip|uv|python)$/;

/** Removes paths, options and their values from a call. Returns '' for a global installation. */
function normalizeCall([program = '', ...words]: readonly string[]): string {
  const name = nameOf(program);
  const isPip = PIP_PROGRAMS.test(name);
  const keptWords: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    // A globally installed program is no package of the project.
    if (/^(?:-g|--global|--location=global)$/.test(word)) return '';
    if (WITH_VALUE.test(word) || (isPip && PIP_WITH_VALUE.test(word))) index += 1;
    else if (isPip && /^(?:-r|--requirements?(?:=|$))/.test(word)) keptWords.push('-r');
    else if (isPip && /^(?:-e|--editable(?:=|$))/.test(word)) keptWords.push(...editableOption(word, words[index + 1]));
    else if (!/^(?:-|\d*[<>])/.test(word)) keptWords.push(word);
    else if (word === '-m' && words[index + 1] === 'pip') keptWords.push('-m');
  }
  return [name, ...keptWords].join(' ').replace(/^python -m pip\b/, 'pip');
}

/** Returns the option `-e`, except for a requirement that pip fetches: that is not part of the project. */
function editableOption(word: string, next = ''): string[] {
  return (/^(?:-e|--editable)$/.test(word) ? next : word).includes('://') ? [] : ['-e'];
}

/** Returns the plain name of a program such as `/usr/bin/python3.12`, `pnpm@9` or `./mvnw`. */
function nameOf(word: string): string {
  const base = word.slice(word.lastIndexOf('/') + 1).replace(/(?<=.)@.*$/, '');
  return base.replace(/^(python|pip)[\d.]*$/, '$1');
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}
