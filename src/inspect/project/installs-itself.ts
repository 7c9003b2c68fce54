/**
 * The languages whose packages a set-up command installs itself, by the verbs of the package managers. Pure.
 *
 * A program alone says nothing: `npm run gen` and `python3 gen.py` need the packages that the derived step installs.
 */
import type { Language } from '../packages/install';

/** `setup`: one argument list; what a shell is given as a script is read, too. */
export function languagesInstalledBy(setup: readonly string[]): Language[] {
  const calls = callsOf(setup);
  return VERBS.filter(([, pattern]) => calls.some((call) => pattern.test(call))).map(([language]) => language);
}

const JS = /^(?:npm|cnpm) (?:ci|install-clean|clean-install|install-ci-test|cit|install-test|it|install|i|add)\b/;
const PY =
  /^(?:pip install|uv (?:sync|add|pip (?:install|sync))|(?:poetry|pdm|pipenv) (?:install|sync|add)|python setup\.py (?:install|develop))\b/;

/** Of a call as `plain` writes it: the program's name, then the words that are no options. */
const VERBS: ReadonlyArray<[Language, RegExp]> = [
  ['javascript', JS],
  ['javascript', /^(?:pnpm|bun) (?:install|i|ci|add)\b|^yarn$|^yarn (?:install|add|workspaces focus)\b/],
  ['python', PY],
  ['go', /^go (?:get|mod (?:download|tidy|vendor)|work vendor)\b/],
  ['rust', /^cargo (?:fetch|vendor|add)\b/],
  ['java', /^mvnw? (?:\S+ )*dependency:|^gradlew? (?:\S+ )*(?:\S*:)?dependencies\b/],
];

/** The simple commands of an argument list, each in one line. */
function callsOf(words: readonly string[]): string[] {
  const [program = '', ...rest] = withoutWrappers(words);
  const script = /^(?:ba|da|z|k)?sh$/.test(nameOf(program)) ? scriptOf(rest) : undefined;
  if (script === undefined) return [plain([program, ...rest])];
  return script
    .replace(/\\\n/g, ' ')
    .split(/[\n;&|(){}]+/)
    .flatMap((part) => callsOf(part.match(/"[^"]*"|'[^']*'|[^\s"']+/g)?.map(unquoted) ?? []))
    .filter((call) => call !== '');
}

/** The text after `-c`; undefined where the shell reads a file. */
function scriptOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at < 0 ? undefined : words[at + 1];
}

const WRAPPERS = /^(?:env|exec|time|command|nice|sudo|corepack|npx|if|then|else|do|!)$/;

/** Without variables, and without programs and words that start another command. */
function withoutWrappers(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !/^\w+=/.test(word) && !WRAPPERS.test(nameOf(word)));
  return first < 0 ? [] : words.slice(first);
}

/** Options that take the word after them. */
const WITH_VALUE = /^(?:--prefix|--cwd|--dir|-C|--filter|-F|-w|--workspace|--directory|--project|-f|--file|--python)$/;

function plain([program = '', ...words]: readonly string[]): string {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    // A program for the whole machine is no package of the project.
    if (/^(?:-g|--global|--location=global)$/.test(word)) return '';
    if (WITH_VALUE.test(word)) index += 1;
    else if (!word.startsWith('-')) kept.push(word);
    else if (word === '-m' && words[index + 1] === 'pip') kept.push('-m');
  }
  const name = nameOf(program);
  const call = [name, ...kept].join(' ');
  return call.replace(/^python -m pip\b/, 'pip');
}

/** `/usr/bin/python3.12`, `pnpm@9` and `./mvnw` by their plain names. */
function nameOf(word: string): string {
  const base = word.slice(word.lastIndexOf('/') + 1).replace(/(?<=.)@.*$/, '');
  return base.replace(/^(python|pip)[\d.]*$/, '$1');
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}
