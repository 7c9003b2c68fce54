/**
 * Finds scripts of package.json that run during installation, start or build the project with other programs than
 * before, or fetch code.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { fetchingCalls, isDeclared } from './shell';

/** Scripts that package managers run during installation. */
const LIFECYCLE =
  /^(preinstall|install|postinstall|prepublish|preprepare|prepare|postprepare|dependencies|pnpm:devPreinstall)$/;
/** Commands that are harmless during installation: git hooks, and code generation from the project's own files. */
const HARMLESS_COMMAND =
  /^(husky( install)?|is-ci|lefthook install|simple-git-hooks|nuxt prepare|nuxi prepare|svelte-kit sync|prisma generate|wxt prepare|electron-builder install-app-deps|patch-package|tsc( -p \S+| -b)?|tsup|unbuild|rimraf \S+|true|exit 0|echo [\w ]*)$/;
/** Scripts that a person or a release starts. */
const RELEASE_SCRIPT = /^(pre|post)?(start|serve|build|deploy|release|pack|publish|version)(:(prod|production))?$/;

interface Scripts {
  scripts: unknown;
  before: unknown;
}

export function scriptOrigins(text: string, { declared }: OriginFile, { scripts, before }: Scripts): Origin[] {
  const former = isObject(before) ? before : {};
  if (!isObject(scripts)) return [];
  const known = { scripts, former, declared };
  return Object.entries(scripts).flatMap(([name, script]) => {
    if (typeof script !== 'string') return [];
    const was = Object.hasOwn(former, name) ? former[name] : undefined;
    const runsAtInstall = LIFECYCLE.test(name);
    const say = (what: string): Origin => {
      return { ...originAt(JSON.stringify(name), what), ...(runsAtInstall ? {} : { runsAfterInstallation: true }) };
    };
    const fetches = fetchingCalls(script, declared).map((call) => say(`script ${name} ${call}`));
    if (runsAtInstall && !isHarmless(script, known))
      return [...fetches, say(`script ${name} runs when packages are installed: "${shorten(script)}"`)];
    return typeof was === 'string' && RELEASE_SCRIPT.test(name) && runsOtherCode(was, script)
      ? [...fetches, say(`script ${name} runs "${shorten(script)}" in place of "${shorten(was)}"`)]
      : fetches;
  });
}

/** What a script may use without a finding: scripts of the base, and declared packages. */
interface Known {
  scripts: JsonObject;
  former: JsonObject;
  declared: ReadonlySet<string>;
}

const MAX_DEPTH = 5;

/** True if a script only runs programs of declared packages without code files, scripts of the base, or other harmless scripts. */
function isHarmless(script: string, known: Known, depth = 0): boolean {
  return partsOf(script).every((part) => {
    if (HARMLESS_COMMAND.test(part)) return true;
    const [program = '', ...words] = part.split(/\s+/);
    if (/^(npm|pnpm|yarn|bun|run-s|run-p)$/.test(program)) {
      const names = words.filter((word) => word !== 'run' && !word.startsWith('-'));
      return depth < MAX_DEPTH && names.length > 0 && names.every((name) => isHarmlessCall(name, known, depth));
    }
    return (
      isDeclared(program, known.declared) && !words.some((word) => CODE_FILE.test(word) || LOADING_OPTION.test(word))
    );
  });
}

function isHarmlessCall(name: string, known: Known, depth: number): boolean {
  const script = Object.hasOwn(known.scripts, name) ? known.scripts[name] : undefined;
  if (typeof script !== 'string') return false;
  return known.former[name] === script || isHarmless(script, known, depth + 1);
}

const CODE_FILE = /\.([cm]?[jt]sx?|sh|py|rb|pl)$/;

function partsOf(script: string): string[] {
  return script
    .split(/&&|\|\||[;&|\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Options that load or evaluate code. */
const LOADING_OPTION =
  /^(-r|-e|-p|-c|--require|--import|--loader|--experimental-loader|--eval|--print|--preload|--exec|--config)(=|$)/;
/** Words that cannot select code: compiler settings, output folders, numbers. */
const PLAIN_WORD =
  /^(-[\w-]+(=[\w.,:-]*)?|tsconfig[\w.]*\.json|(\.\/)?(dist|build|lib|out|public|coverage|types|src)\/?|\d+|true|false|production|development|NODE_ENV=\w+|CI=\w+|(npm|pnpm|yarn|bun)|run|exit|rimraf|cross-env|tsc|mkdir)$/;

/** True if the script runs a program or file that it did not run before. */
function runsOtherCode(was: string, script: string): boolean {
  const wordsBefore = new Set(wordsOf(was));
  const headsBefore = new Set(partsOf(was).map(headOf));
  const isNewCode = (word: string): boolean =>
    !wordsBefore.has(word) && (LOADING_OPTION.test(word) || !PLAIN_WORD.test(word));
  return (
    wordsOf(script).some(isNewCode) || partsOf(script).some((part) => !headsBefore.has(headOf(part)) && !isPlain(part))
  );
}

/** Returns the program and its first word that is no option. */
function headOf(part: string): string {
  return wordsOf(part)
    .filter((word) => !word.startsWith('-'))
    .slice(0, 2)
    .join(' ');
}

function isPlain(part: string): boolean {
  return wordsOf(part).every((word) => PLAIN_WORD.test(word));
}

function wordsOf(script: string): string[] {
  return script.split(/[\s"'`;&|()]+/).filter((word) => word !== '');
}
