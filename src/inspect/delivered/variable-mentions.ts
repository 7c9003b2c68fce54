/**
 * Finds out whether only tests and their settings mention an environment variable, or also files and documents of the product.
 * Pure.
 */
import { isObject } from '../../domain/json';
import { isCiPath } from '../../domain/files';
import { CODE } from '../judges/graph';
import { objectOf } from '../manifests/json-text';
import { isForTests, isProduct } from './tree';
import type { DeliveredTree } from './tree';

export interface Mentions {
  /** The first mention in tests or their settings, as `path:line`; undefined if there is none. */
  firstInTests?: string;
  /** True if a file of the product or a document mentions it. */
  isLive: boolean;
}

const SETTING =
  /(^|\/)(?:\.env[^/]*|[^/]*\.env|pom\.xml|phpunit[^/]*\.xml[^/]*|app\.json|vercel\.json|turbo\.json|[^/]*[mM]akefile|[jJ]ustfile|[tT]askfile[^/]*|Procfile|Jenkinsfile|[^/]*\.(?:gradle|kts|properties|service|tf|tfvars|conf|cfg|ini|toml|ya?ml|md|mdx|rst|adoc|runsettings|config|plist|nix|mk|jsonc|sample|template|example))$/;
/** Settings of tests alone, by their names. */
const TEST_SETTING =
  /(^|\/)(?:(?:jest|vitest|karma|cypress|playwright|mocha|ava|wdio|web-test-runner)[^/]*\.[cm]?[jt]sx?|\.(?:mocharc|jestrc|taprc)[^/]*|conftest\.py|pytest\.ini|tox\.ini|noxfile\.py|phpunit[^/]*|\.env\.(?:test|testing|ci)[^/]*|(?:docker-)?compose[.-](?:test|ci)[^/]*|[^/]*\.runsettings|tests?[-_.]?setup[^/]*|setup-?tests?[^/]*|\.rspec|application-test\.[a-z]+)$/i;
/** Names of scripts, and headings in settings, that belong to tests. */
const TEST_HEADING = /test|spec|coverage|e2e|jest|vitest|mocha|\bcheck\b|^ci\b|tox|pytest|nox|surefire|failsafe/i;
const DEPLOYMENT_WORD = /\b(?:deploy|publish|release|production)\b/i;

/** True for settings and documents in which a variable may be mentioned. */
export function isAnySetting(path: string): boolean {
  return SETTING.test(path) && !/(^|\/)(?:node_modules|vendor|CHANGELOG|HISTORY)/.test(path);
}

export function mentionsOf({ files, after }: DeliveredTree, name: string): Mentions {
  const changed = new Set(files.map(({ path }) => path));
  const found: Mentions = { isLive: false };
  for (const [path, text] of after) {
    if (!text.includes(name) || /(^|\/)(?:node_modules|CHANGELOG|HISTORY)/.test(path)) continue;
    const rows = text.split('\n');
    for (const [at, row] of rows.entries()) {
      if (!hasWord(row, name)) continue;
      const audience = audienceOf(path, { text, rows, at, name });
      if (audience === 'tests') found.firstInTests ??= `${path}:${at + 1}`;
      // A changed source that only reads the variable does not count: it is the finding itself. An untouched source does.
      else if (audience === 'live' && !(changed.has(path) && isProduct(path) && !isSetIn(row, name)))
        found.isLive = true;
    }
  }
  return found;
}

function hasWord(row: string, name: string): boolean {
  const text = row.slice(0, 2_000);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!/[\w]/.test(text[at - 1] ?? ' ') && !/[\w]/.test(text[at + name.length] ?? ' ')) return true;
  return false;
}

/** True for `process.env.X = `, `os.environ["X"] = `, `X=1 node a.js`. */
function isSetIn(row: string, name: string): boolean {
  const rest = row.slice(row.indexOf(name) + name.length);
  return (
    /^["'\]`]*\s*\??\??\|?\|?=(?!=)/.test(rest) ||
    /\b(?:setdefault|putenv|setenv|Setenv|setProperty|set_var)\b/.test(row)
  );
}

interface Place {
  text: string;
  rows: string[];
  at: number;
  name: string;
}

function audienceOf(path: string, { text, rows, at, name }: Place): 'tests' | 'live' | 'nobody' {
  if (/(^|\/)package\.json$/.test(path)) return audienceInManifest(text, name);
  if (TEST_SETTING.test(path) || isForTests(path)) return 'tests';
  if (isCiPath(path)) return DEPLOYMENT_WORD.test(text) ? 'live' : 'tests';
  if (CODE.test(path) && !/\.kts$/.test(path)) return 'live';
  const heading = headingOf(path, rows, at);
  return heading !== undefined && TEST_HEADING.test(heading) ? 'tests' : 'live';
}

function audienceInManifest(text: string, name: string): 'tests' | 'live' {
  const manifest = objectOf(text) ?? {};
  const scripts = isObject(manifest['scripts']) ? manifest['scripts'] : {};
  const parts = [...Object.entries(scripts), ...Object.entries(manifest).filter(([key]) => key !== 'scripts')].filter(
    ([, value]) => hasWord(JSON.stringify(value) ?? '', name),
  );
  return parts.length > 0 && parts.every(([key]) => TEST_HEADING.test(key)) ? 'tests' : 'live';
}

const MAX_LINES_ABOVE = 60;
/** By kind of file, a heading in it: a section or a table, a make target, a plugin or a profile, a block. */
const HEADINGS: ReadonlyArray<readonly [files: RegExp, heading: RegExp]> = [
  [/\.(?:toml|ini|cfg|service)$/, /^\s*\[/],
  [/(?:akefile|ustfile|\.mk)$/, /^[\w.%-]+\s*:(?!=)/],
  [/\.xml$/, /<artifactId>|<profile>/],
  [/\.(?:gradle|kts)$/, /^\s{0,8}[\w.<>:()"' -]+\{\s*$/],
];

/** Returns the heading that the line belongs to. */
function headingOf(path: string, rows: string[], at: number): string | undefined {
  const heading = HEADINGS.find(([files]) => files.test(path))?.[1];
  if (heading === undefined) return undefined;
  const row = rows[at] ?? '';
  // In `test: export X = 1` the line is its own heading.
  const above = rows.slice(Math.max(0, at - MAX_LINES_ABOVE), at).findLast((row) => heading.test(row));
  return heading.test(row) ? row : above;
}
