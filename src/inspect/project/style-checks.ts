/**
 * Removes style and type checks from the test script of a manifest. Many test scripts run such checks first, and a line in
 * another style would stop them before the tests. Pure.
 */
import { isObject } from '../../domain/json';
import { parseManifest } from '../manifests/package-json';

/** Programs before the check that only start it. */
const STARTERS = /^(?:npx\s+(?:--no-install\s+)?|pnpm\s+exec\s+|yarn\s+|bunx\s+)?/;
const CHECKERS =
  /^(?:standard|semistandard|ts-standard|neostandard|xo|eslint|oxlint|tslint|jshint|jscs|snazzy|prettier|prettierx|dprint|biome|stylelint|markdownlint(?:-cli2?)?|cspell|knip|depcheck|publint|attw|tsd|dtslint|size-limit|lockfile-lint|commitlint|ls-lint)(?![\w.-])/;
/** A call of the compiler that writes no files is only a check. One that writes files may make the code that the tests run. */
const TYPE_CHECK = /^(?:vue-)?tsc\s(?:.{0,200}\s)?--noEmit\b/;
/** A call of a script of the manifest; the group is its name. */
const SCRIPT_CALL = /^(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)(?:\s|$)/;
/** Names of scripts that are checks, whatever program they call. */
const CHECK_NAMES = /^(?:lint|standard|prettier|eslint|typecheck|type-check|check-types)(?:[:.-]|$)/;
/** A program that runs several scripts. */
const SCRIPT_SERIES = /^(?:npx\s+)?(?:npm-run-all|run-s|run-p)\s/;
/** Shell operators other than `&&`. */
const OTHER_OPERATORS = /;|\|\||(?<!&)&(?!&)/;
/** A command that does nothing. */
const NO_OPERATION = 'node -e 0';
const MAX_PARTS = 50;

type Scripts = Readonly<Record<string, unknown>>;

/**
 * `command` runs the tests, such as `npm test`; only the scripts that it calls are changed. Returns undefined if it calls no
 * check, or if the text is not a manifest.
 */
export function withoutStyleChecks(manifest: string, command: readonly string[]): string | undefined {
  const parsed = parseManifest(manifest);
  const name = SCRIPT_CALL.exec(command.join(' '))?.[1];
  if (parsed === undefined || !isObject(parsed.scripts) || name === undefined) return undefined;
  const scripts = parsed.scripts;
  const called = calledFrom(name === 't' ? 'test' : name, scripts);
  const changed = [...called].flatMap((one) => {
    const line = scripts[one];
    const newLine = typeof line === 'string' ? withoutChecks(line, scripts) : line;
    return newLine === line ? [] : [[one, newLine]];
  });
  if (changed.length === 0) return undefined;
  return `${JSON.stringify({ ...parsed, scripts: { ...scripts, ...Object.fromEntries(changed) } }, null, 2)}\n`;
}

/** Returns the script, its pre and post scripts, and all scripts that these call. */
function calledFrom(name: string, scripts: Scripts): Set<string> {
  const called = new Set<string>();
  const pending = [name];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const line = scripts[one];
    if (called.has(one) || typeof line !== 'string') continue;
    called.add(one);
    pending.push(`pre${one}`, `post${one}`, ...partsOf(line).flatMap((part) => SCRIPT_CALL.exec(part)?.[1] ?? []));
  }
  return called;
}

function withoutChecks(line: string, scripts: Scripts): string {
  const parts = partsOf(line);
  const kept = parts.filter((part) => !isCheck(part, scripts)).map(withoutCheckNames);
  if (kept.length === parts.length && kept.every((part, index) => part === parts[index])) return line;
  return kept.length === 0 ? NO_OPERATION : kept.join(' && ');
}

/** Splits a line at `&&`; a line with other operators or very many parts is one part. */
function partsOf(line: string): string[] {
  const parts = OTHER_OPERATORS.test(line) ? [] : line.split('&&');
  return parts.length === 0 || parts.length > MAX_PARTS ? [line] : parts.map((part) => part.trim());
}

/** Removes check scripts from a command that runs several scripts. */
function withoutCheckNames(part: string): string {
  if (!SCRIPT_SERIES.test(part)) return part;
  const words = part.split(/\s+/).filter((word) => !CHECK_NAMES.test(word));
  return words.slice(1).every((word) => word.startsWith('-')) ? NO_OPERATION : words.join(' ');
}

/** True if the part is a check, or calls a script that is one by its name or runs only checks. */
function isCheck(part: string, scripts: Scripts): boolean {
  if (isChecker(part)) return true;
  const name = OTHER_OPERATORS.test(part) ? undefined : SCRIPT_CALL.exec(part)?.[1];
  const called = name === undefined ? undefined : scripts[name];
  if (name === undefined || typeof called !== 'string') return false;
  return CHECK_NAMES.test(name) || partsOf(called).every(isChecker);
}

function isChecker(part: string): boolean {
  if (OTHER_OPERATORS.test(part)) return false;
  const program = part.replace(/^(?:cross-env\s+)?(?:[A-Z_]+=\S*\s+)*/, '').replace(STARTERS, '');
  return CHECKERS.test(program) || TYPE_CHECK.test(program);
}
