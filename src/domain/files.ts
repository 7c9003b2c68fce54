/**
 * Decides by its path whether a file is a test, a setting of tests or of program starts, or a CI file. Pure.
 */
import { scriptsOf } from './test-scripts';

const TEST_PATH =
  /(^|\/)(tests?|__tests__|spec|e2e)\/|[._-](test|spec)\.[a-z]+$|(^|\/)test_[^/]+$|_test\.[a-z]+$|(^|\/)tests?\.(?:[cm]?[jt]sx?|py)$/i;
/** Matches `SumTest.java`. Case matters: in lower case, any word could end in "test". */
const CLASS_TEST = /(^|\/)[A-Z]\w*Tests?\.(?:java|kt|cs|scala|groovy|swift)$/;
/** What the test runners add to the rules for every project. */
export interface TestConventions {
  /** True for a file that configures a test runner. */
  protects(path: string): boolean;
  /** Keys of package.json that configure a test runner. */
  manifestKeys: readonly string[];
  /** Files whose line coverage a runner can count: one pattern for each language. */
  measuredFiles: readonly RegExp[];
}

const SETTINGS = [
  // Settings of coverage tools, and of tools that rewrite test code before it runs.
  /(^|\/)((c8|nyc|babel)[^/]*\.config\.[^/]+|\.(nycrc|c8rc|babelrc|swcrc)[^/]*|\.coveragerc)$/,
  /(^|\/)tests?[._-]?(setup|global|env)[^/]*$|(^|\/)setup-?tests?\.[^/]+$/i,
  /(^|\/)tsconfig[^/]*(test|spec)[^/]*\.json$/,
];
/** Files that affect how any program starts. */
const START_SETTINGS = [
  /(^|\/)((site|user)customize\.py|[^/]+\.pth)$/,
  /(^|\/)(\.npmrc|\.yarnrc[^/]*|\.pnpmfile\.cjs|\.env\.test|bunfig\.toml)$|(^|\/)node_modules\//,
];
const CI_PATHS = [
  /^\.github\/(workflows|actions)\//,
  /^\.(circleci|buildkite|woodpecker|gitlab)\//,
  /^(\.gitlab-ci|azure-pipelines|\.travis|\.drone|bitbucket-pipelines|appveyor|\.woodpecker)[^/]*\.ya?ml$/,
  /^Jenkinsfile/,
];
const MANIFEST_KEYS = ['c8', 'nyc', 'babel'];

export function isTestPath(path: string): boolean {
  return TEST_PATH.test(path) || CLASS_TEST.test(path);
}

/** True if the path is in the same folder and has the same name ending as a file in which the runner found tests. */
export function isBesideTests(path: string, seen: readonly string[]): boolean {
  return seen.some((file) => folderOf(file) === folderOf(path) && endingOf(file) === endingOf(path));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The name from its last separator on: `_check.py` for sum_check.py. */
function endingOf(path: string): string {
  return /[._-]?[^/._-]*\.[a-z]+$/i.exec(path)?.[0] ?? path;
}

export function isTestSetting(path: string, { protects }: Pick<TestConventions, 'protects'>): boolean {
  return [...SETTINGS, ...START_SETTINGS].some((pattern) => pattern.test(path)) || protects(path);
}

/** True for a file that affects how programs start. */
export function isStartSetting(path: string): boolean {
  return START_SETTINGS.some((pattern) => pattern.test(path));
}

export function isCiPath(path: string): boolean {
  return CI_PATHS.some((pattern) => pattern.test(path));
}

/** Returns the test settings of a package.json as comparable text; `scripts` are the names of the scripts that affect tests. */
export function testKeysOf(
  manifest: string | null,
  { scripts, manifestKeys }: Pick<TestConventions, 'manifestKeys'> & { scripts: ReadonlySet<string> },
): string {
  try {
    const parsed = JSON.parse(manifest ?? '{}') as Record<string, unknown>;
    const testScripts = Object.entries(scriptsOf(manifest)).filter(([name]) => scripts.has(name));
    return JSON.stringify([
      testScripts.sort(),
      ...[...MANIFEST_KEYS, ...manifestKeys].map((key) => parsed[key] ?? null),
    ]);
  } catch {
    return `unreadable: ${manifest ?? ''}`;
  }
}
