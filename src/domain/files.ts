/**
 * What kind of file a path names, as far as tests are concerned: a test, a setting of tests, or neither. Pure.
 */
const TEST = /(^|\/)(tests?|__tests__|spec|e2e)\/|[._-](test|spec)\.[a-z]+$|(^|\/)test_[^/]+$|_test\.[a-z]+$/i;
const SETTINGS = [
  /(^|\/)((jest|vitest|vite|mocha|ava|karma|cypress|playwright|c8|nyc|babel)[^/]*\.config\.[^/]+|\.(mocharc|nycrc|c8rc|taprc)[^/]*)$/,
  // What rewrites the tests' own code before it runs.
  /(^|\/)\.(babelrc|swcrc)[^/]*$/,
  /(^|\/)(jest|vitest|mocha|tests?)[._-]?(setup|global|env)[^/]*$|(^|\/)setup-?tests?\.[^/]+$/i,
  /(^|\/)(conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|\.coveragerc|(site|user)customize\.py|[^/]+\.pth)$/,
  /(^|\/)tsconfig[^/]*(test|spec)[^/]*\.json$/,
  // What decides how programs are started at all.
  /(^|\/)(\.npmrc|\.yarnrc[^/]*|\.pnpmfile\.cjs|\.env\.test|bunfig\.toml)$|(^|\/)node_modules\//,
];
const CI = [
  /^\.github\/(workflows|actions)\//,
  /^\.(circleci|buildkite|woodpecker|gitlab)\//,
  /^(\.gitlab-ci|azure-pipelines|\.travis|\.drone|bitbucket-pipelines|appveyor|\.woodpecker)[^/]*\.ya?ml$/,
  /^Jenkinsfile/,
];
const NAMED_TEST_KEYS = ['jest', 'vitest', 'mocha', 'ava', 'c8', 'nyc', 'tap', 'babel'];

export function isTestPath(path: string): boolean {
  return TEST.test(path);
}

export function isTestSetting(path: string): boolean {
  return SETTINGS.some((pattern) => pattern.test(path));
}

export function isCiPath(path: string): boolean {
  return CI.some((pattern) => pattern.test(path));
}

/** What a package.json says of tests, as text that can be compared. */
export function testKeysOf(manifest: string | null): string {
  try {
    const parsed = JSON.parse(manifest ?? '{}') as Record<string, unknown>;
    const scripts = Object.entries((parsed.scripts ?? {}) as Record<string, unknown>);
    const tests = scripts.filter(([name]) => /^(pre|post)?(test|coverage)/.test(name)).sort();
    return JSON.stringify([tests, ...NAMED_TEST_KEYS.map((key) => parsed[key] ?? null)]);
  } catch {
    return `unreadable: ${manifest ?? ''}`;
  }
}
