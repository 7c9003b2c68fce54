/**
 * What kind of file a path names, as far as tests are concerned: a test, a setting of tests, or neither. Pure.
 */
import { scriptsOf } from './test-scripts';

const TEST =
  /(^|\/)(tests?|__tests__|spec|e2e)\/|[._-](test|spec)\.[a-z]+$|(^|\/)test_[^/]+$|_test\.[a-z]+$|(^|\/)tests?\.(?:[cm]?[jt]sx?|py)$/i;
/** `SumTest.java`; in lower case it would be any word that ends so. */
const CLASS_TEST = /(^|\/)[A-Z]\w*Tests?\.(?:java|kt|cs|scala|groovy|swift)$/;
/** What the test runners say of files and of package.json, beside what holds for every project. */
export interface TestConventions {
  /** True for a file that configures a runner. */
  protects(path: string): boolean;
  /** Keys of package.json that configure one. */
  manifestKeys: readonly string[];
  /** Files whose lines a runner counts: one pattern a language. */
  counted: readonly RegExp[];
}

const SETTINGS = [
  // What counts lines, and what rewrites the tests' own code before it runs.
  /(^|\/)((c8|nyc|babel)[^/]*\.config\.[^/]+|\.(nycrc|c8rc|babelrc|swcrc)[^/]*|\.coveragerc)$/,
  /(^|\/)tests?[._-]?(setup|global|env)[^/]*$|(^|\/)setup-?tests?\.[^/]+$/i,
  /(^|\/)tsconfig[^/]*(test|spec)[^/]*\.json$/,
];
/** What decides how programs are started at all. */
const START_SETTINGS = [
  /(^|\/)((site|user)customize\.py|[^/]+\.pth)$/,
  /(^|\/)(\.npmrc|\.yarnrc[^/]*|\.pnpmfile\.cjs|\.env\.test|bunfig\.toml)$|(^|\/)node_modules\//,
];
const CI = [
  /^\.github\/(workflows|actions)\//,
  /^\.(circleci|buildkite|woodpecker|gitlab)\//,
  /^(\.gitlab-ci|azure-pipelines|\.travis|\.drone|bitbucket-pipelines|appveyor|\.woodpecker)[^/]*\.ya?ml$/,
  /^Jenkinsfile/,
];
const MANIFEST_KEYS = ['c8', 'nyc', 'babel'];

export function isTestPath(path: string): boolean {
  return TEST.test(path) || CLASS_TEST.test(path);
}

/** True for a path that is named and placed as a file is that the runner took for tests, whatever a project calls them. */
export function isBesideTests(path: string, seen: readonly string[]): boolean {
  return seen.some((file) => folderOf(file) === folderOf(path) && endingOf(file) === endingOf(path));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** From the last mark in the name on: `_check.py` of sum_check.py. */
function endingOf(path: string): string {
  return /[._-]?[^/._-]*\.[a-z]+$/i.exec(path)?.[0] ?? path;
}

export function isTestSetting(path: string, { protects }: Pick<TestConventions, 'protects'>): boolean {
  return [...SETTINGS, ...START_SETTINGS].some((pattern) => pattern.test(path)) || protects(path);
}

/** True for a file that decides how programs are started. */
export function isStartSetting(path: string): boolean {
  return START_SETTINGS.some((pattern) => pattern.test(path));
}

export function isCiPath(path: string): boolean {
  return CI.some((pattern) => pattern.test(path));
}

/** What a package.json says of tests, as text that can be compared; `scripts` are the names of those that decide how they run. */
export function testKeysOf(
  manifest: string | null,
  { scripts, manifestKeys }: Pick<TestConventions, 'manifestKeys'> & { scripts: ReadonlySet<string> },
): string {
  try {
    const parsed = JSON.parse(manifest ?? '{}') as Record<string, unknown>;
    const tests = Object.entries(scriptsOf(manifest)).filter(([name]) => scripts.has(name));
    return JSON.stringify([tests.sort(), ...[...MANIFEST_KEYS, ...manifestKeys].map((key) => parsed[key] ?? null)]);
  } catch {
    return `unreadable: ${manifest ?? ''}`;
  }
}
