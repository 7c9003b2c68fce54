/**
 * A package manifest whose scripts run no checks of style or types: a project's test command often has them beside its tests, and
 * they stop at a line that is written in another style than the project's. Pure.
 */

const CHECKERS =
  /^(?:npx\s+(?:--no-install\s+)?|pnpm\s+exec\s+|yarn\s+|bunx\s+)?(?:standard|semistandard|ts-standard|neostandard|xo|eslint|oxlint|tslint|jshint|jscs|snazzy|prettier|prettierx|dprint|biome|rome|stylelint|markdownlint(?:-cli2?)?|remark|alex|cspell|knip|depcheck|publint|attw|tsd|dtslint|tsc|vue-tsc|flow|size-limit|bundlesize|lockfile-lint|lint-staged|commitlint|editorconfig-checker|eclint|ls-lint)(?![\w.-])/;
const BY_NAME = /^(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?(?:--?[\w-]+\s+)*([\w:.-]+)(?:\s|$)/;
const NAMES =
  /^(?:lint|format|fmt|style|standard|prettier|eslint|types?|typecheck|type-check|check-types|tsc|tsd)(?:[:.-]|$)/;
const SERIES = /^(?:npx\s+)?(?:npm-run-all|run-s|run-p)\s/;
/** What compiles is no check, though the compiler can be called as one. */
const WRITES = /^(?:npx\s+)?(?:tsc|vue-tsc)\b(?![^&]*--noEmit)/;
const NOTHING = 'node -e 0';

type Scripts = Readonly<Record<string, unknown>>;

/** Undefined where no script has such a check, or the text is no manifest. */
export function withoutStyleChecks(manifest: string): string | undefined {
  const parsed = parse(manifest);
  if (parsed === undefined || !isRecord(parsed.scripts)) return undefined;
  const scripts = parsed.scripts;
  const left = Object.fromEntries(
    Object.entries(scripts).map(([name, line]) => [
      name,
      typeof line === 'string' ? withoutChecks(line, scripts) : line,
    ]),
  );
  if (Object.entries(scripts).every(([name, line]) => left[name] === line)) return undefined;
  return `${JSON.stringify({ ...parsed, scripts: left }, null, 2)}\n`;
}

function withoutChecks(line: string, scripts: Scripts): string {
  const parts = line.split('&&').map((part) => part.trim());
  const left = parts.filter((part) => !isCheck(part, scripts, 0)).map(withoutNames);
  if (left.length === parts.length && left.every((part, index) => part === parts[index])) return line;
  return left.length === 0 ? NOTHING : left.join(' && ');
}

/** One of several scripts that are run after each other. */
function withoutNames(part: string): string {
  if (!SERIES.test(part)) return part;
  const words = part.split(/\s+/);
  const left = words.filter((word) => !NAMES.test(word));
  return left.slice(1).every((word) => word.startsWith('-')) ? NOTHING : left.join(' ');
}

/** `depth`: scripts may call each other in a circle. */
function isCheck(part: string, scripts: Scripts, depth: number): boolean {
  const plain = part.replace(/^(?:cross-env\s+)?(?:[A-Z_]+=\S*\s+)*/, '');
  if (CHECKERS.test(plain)) return !WRITES.test(plain);
  const name = BY_NAME.exec(plain)?.[1];
  if (name === undefined || depth > 4) return false;
  const called = scripts[name];
  if (typeof called !== 'string') return false;
  return NAMES.test(name) || called.split('&&').every((one) => isCheck(one.trim(), scripts, depth + 1));
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
