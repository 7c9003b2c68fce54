/**
 * Removes style and type checks from the test script of a manifest: many test scripts run them first, and they would stop at a line
 * in another style. Pure.
 */
import { isObject } from '../../domain/json';
import { parseManifest } from '../manifests/package-json';

const RUNS = /^(?:npx\s+(?:--no-install\s+)?|pnpm\s+exec\s+|yarn\s+|bunx\s+)?/;
const CHECKERS =
  /^(?:standard|semistandard|ts-standard|neostandard|xo|eslint|oxlint|tslint|jshint|jscs|snazzy|prettier|prettierx|dprint|biome|stylelint|markdownlint(?:-cli2?)?|cspell|knip|depcheck|publint|attw|tsd|dtslint|size-limit|lockfile-lint|commitlint|ls-lint)(?![\w.-])/;
/** A compiler call that writes no files is only a check; one that writes files makes what the tests run. */
const ONLY_TYPES = /^(?:vue-)?tsc\s(?:.{0,200}\s)?--noEmit\b/;
const BY_NAME = /^(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)(?:\s|$)/;
/** Script names that are checks whatever program they call. */
const NAMES = /^(?:lint|standard|prettier|eslint|typecheck|type-check|check-types)(?:[:.-]|$)/;
const SERIES = /^(?:npx\s+)?(?:npm-run-all|run-s|run-p)\s/;
/** Shell operators other than `&&`. */
const OTHER = /;|\|\||(?<!&)&(?!&)/;
const NOTHING = 'node -e 0';
const MAX_PARTS = 50;

type Scripts = Readonly<Record<string, unknown>>;

/**
 * `command`: how the tests are run, such as `npm test`; only scripts that it calls are changed. Returns undefined if it calls no
 * check, or if the text is not a manifest.
 */
export function withoutStyleChecks(manifest: string, command: readonly string[]): string | undefined {
  const parsed = parseManifest(manifest);
  const name = BY_NAME.exec(command.join(' '))?.[1];
  if (parsed === undefined || !isObject(parsed.scripts) || name === undefined) return undefined;
  const scripts = parsed.scripts;
  const called = calledFrom(name === 't' ? 'test' : name, scripts);
  const changed = [...called].flatMap((one) => {
    const line = scripts[one];
    const left = typeof line === 'string' ? withoutChecks(line, scripts) : line;
    return left === line ? [] : [[one, left]];
  });
  if (changed.length === 0) return undefined;
  return `${JSON.stringify({ ...parsed, scripts: { ...scripts, ...Object.fromEntries(changed) } }, null, 2)}\n`;
}

/** Returns the script, its pre and post scripts, and all scripts that these call. */
function calledFrom(name: string, scripts: Scripts): Set<string> {
  const called = new Set<string>();
  const open = [name];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const line = scripts[one];
    if (called.has(one) || typeof line !== 'string') continue;
    called.add(one);
    open.push(`pre${one}`, `post${one}`, ...partsOf(line).flatMap((part) => BY_NAME.exec(part)?.[1] ?? []));
  }
  return called;
}

function withoutChecks(line: string, scripts: Scripts): string {
  const parts = partsOf(line);
  const left = parts.filter((part) => !isCheck(part, scripts)).map(withoutNames);
  if (left.length === parts.length && left.every((part, index) => part === parts[index])) return line;
  return left.length === 0 ? NOTHING : left.join(' && ');
}

/** Splits a line at `&&`; a line with other operators or very many parts is one part. */
function partsOf(line: string): string[] {
  const parts = OTHER.test(line) ? [] : line.split('&&');
  return parts.length === 0 || parts.length > MAX_PARTS ? [line] : parts.map((part) => part.trim());
}

/** Removes check scripts from a command that runs several scripts. */
function withoutNames(part: string): string {
  if (!SERIES.test(part)) return part;
  const left = part.split(/\s+/).filter((word) => !NAMES.test(word));
  return left.slice(1).every((word) => word.startsWith('-')) ? NOTHING : left.join(' ');
}

/** A script is a check by its name, or if it runs nothing but checks. */
function isCheck(part: string, scripts: Scripts): boolean {
  if (isChecker(part)) return true;
  const name = OTHER.test(part) ? undefined : BY_NAME.exec(part)?.[1];
  const called = name === undefined ? undefined : scripts[name];
  if (name === undefined || typeof called !== 'string') return false;
  return NAMES.test(name) || partsOf(called).every(isChecker);
}

function isChecker(part: string): boolean {
  if (OTHER.test(part)) return false;
  const unquoted = part.replace(/^(?:cross-env\s+)?(?:[A-Z_]+=\S*\s+)*/, '').replace(RUNS, '');
  return CHECKERS.test(unquoted) || ONLY_TYPES.test(unquoted);
}
