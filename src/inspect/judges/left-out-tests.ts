/**
 * Finds lines of test files, helpers and settings that exclude tests from the run by a pattern or a name. Such a line also excludes
 * tests that are added later. Pure.
 *
 * Only new lines are reported. A line may exclude tests by platform or by an option of the user, and it may exclude folders without
 * tests.
 */

export interface LeftOut {
  line: number;
  /** Completes a sentence about the file. */
  says: string;
}

interface Rule {
  files: RegExp;
  line: RegExp;
  says: string;
  /** Must match in the text that begins with the line. */
  inTextBelow?: RegExp;
  /** Must not match anywhere in the file. */
  exceptInFile?: RegExp;
}

const MAX_CHARS = 512 * 1024;
const LINE_CHARS = 600;
const WITHIN_LINES = 14;
const SCRIPT = /\.[cm]?[jt]sx?$/;
const SETTINGS = /\.(?:ini|cfg|toml|ya?ml|json5?|jsonc|opts|properties|xml|dist|runsettings)$|(?:^|\/)\.[\w.-]*rc$/;
const SCRIPT_SETTINGS =
  /(?:^|\/)(?:jest|vitest|vite|playwright|karma|wdio|cypress|ava|jasmine|web-test-runner)[^/]*\.[cm]?[jt]s$|(?:^|\/)\.mocharc\.[cm]?js$/;
/** Code that reads the name of a test or of its file. */
const READS_TEST_NAME =
  /\b(?:nodeid|fspath|originalname|currentTest|fullTitle|titlePath|currentTestName|getCurrentTest|full_description|file_path|getDisplayName|describedClass)\b|\b(?:item|request\.node|node|collection_path|path|test|task|t)\.(?:name|path|title|file|module|cls|description|Name\(\))|\b(?:in|match|search|fnmatch|startswith|endswith)\b[^\n]{0,60}\b(?:name|path)\b|str\((?:collection_)?path\)/;

const RULES: readonly Rule[] = [
  {
    files: /\.py$/,
    line: /^\s*collect_ignore(?:_glob)?\b\s*(?::[^=\n]{1,40})?(?:\+?=(?!=)|\.(?:append|extend)\b)/,
    says: 'leaves files out of what is collected',
  },
  {
    files: /\.py$/,
    line: /\bdef pytest_ignore_collect\b/,
    inTextBelow: READS_TEST_NAME,
    says: 'leaves files out by pytest_ignore_collect',
  },
  {
    files: /\.py$/,
    line: /\bdef pytest_collect_file\b/,
    inTextBelow: /return None|pass\b/,
    says: 'leaves files out by pytest_collect_file',
  },
  {
    files: /\.py$/,
    line: /\bdef pytest_(?:collection_modifyitems|itemcollected)\b/,
    inTextBelow:
      /\bitems\s*\[:\]\s*=(?!\s*(?:sorted|list\(reversed))|\bitems\.(?:remove|clear|pop)\b|\bdel items\b|\bdeselected\b|\bpytest_deselected\b/,
    says: 'takes tests out of what was collected',
  },
  {
    files: /\.py$/,
    line: /\bdef pytest_(?:collection_modifyitems|itemcollected)\b/,
    inTextBelow:
      /(?:nodeid|fspath|item\.(?:name|path|module|originalname))[\s\S]{0,300}add_marker\([^\n]{0,80}(?:skip|xfail)/,
    says: 'marks tests as skipped by their names',
  },
  {
    files: /\.py$/,
    line: /\bdef pytest_(?:runtest_setup|runtest_call|runtest_protocol|pyfunc_call|runtest_makereport)\b|fixture\([^\n)]{0,80}autouse\s*=\s*True/,
    inTextBelow:
      /(?:nodeid|fspath|\b(?:item|node)\.(?:name|path|originalname|module))[\s\S]{0,300}(?:\bskip\(|\bskip\b|return True|xfail)/,
    says: 'skips tests by their names',
  },
  {
    files: /\.py$/,
    line: /^\s*def load_tests\b/,
    inTextBelow: /\bif\b[^\n]{0,120}\b(?:id\(\)|_testMethodName|name|pattern)/,
    says: 'leaves tests out by load_tests',
  },
  {
    files: /\.(?:ini|cfg|toml)$/,
    line: /--(?:ignore|ignore-glob|deselect)\b|^\s*addopts\b[^\n]{0,300}\s-[km]\b/,
    says: 'leaves tests out by addopts',
  },
  {
    files: /\.(?:ini|cfg|toml)$/,
    line: /^\s*(?:norecursedirs|collect_ignore|python_files|python_functions|python_classes|testpaths)\s*=/,
    says: 'chooses which tests are collected',
  },
  {
    files: /\.toml$/,
    line: /^\s*(?:autotests|test)\s*=\s*false\b|^\s*(?:default-filter|ignore-default-filter)\s*=/,
    says: 'leaves tests out of what cargo runs',
  },
  {
    files: SETTINGS,
    line: /["']?\b(?:testPathIgnorePatterns|modulePathIgnorePatterns|testMatch|testRegex|testNamePattern|testIgnore|grepInvert|ignoreTestFiles|exclude-pattern|exclude_pattern|spec_files|testFilter|TestCaseFilter)\b["']?\s*[:=>]/,
    says: 'chooses which tests run',
  },
  {
    files: /(?:^|\/)\.mocharc|mocha\.opts$/,
    line: /^\s*["']?(?:--)?(?:ignore|exclude|grep|fgrep|invert|spec)\b/,
    says: 'chooses which tests mocha runs',
  },
  {
    files: /(?:^|\/)\.rspec[^/]*$|\.opts$/,
    line: /--(?:exclude-pattern|pattern|tag|example|ignore)\b/,
    says: 'chooses which tests run',
  },
  { files: /phpunit[^/]*\.xml/, line: /<exclude>|<group>/, says: 'leaves tests out of what PHPUnit runs' },
  {
    files: /junit-platform\.properties$/,
    line: /\b(?:exclude|filter|conditions\.deactivate)/i,
    says: 'leaves tests out of what JUnit runs',
  },
  {
    files: SCRIPT_SETTINGS,
    line: /\b(?:testPathIgnorePatterns|modulePathIgnorePatterns|testMatch|testRegex|testNamePattern|testIgnore|grepInvert|grep|exclude|include|ignore|files|specs)\b\s*:/,
    says: 'chooses which tests run',
  },
  {
    files: SCRIPT,
    line: /\b(?:globalThis|global|window)\.(?:it|test|describe|specify)\s*=(?!=)/,
    says: 'puts another function in the place of the one that begins tests',
  },
  {
    files: SCRIPT,
    line: /\b(?:beforeEach|before|beforeAll)\s*\(/,
    inTextBelow:
      /(?:currentTest\b|fullTitle|titlePath|currentTestName|\btask\.name|\b(?:t|ctx|context|testInfo)\.(?:name|title|file|task))[\s\S]{0,300}\bskip\(/,
    says: 'skips tests by their names',
  },
  {
    files: /\.rb$/,
    line: /\b(?:filter_run_excluding|exclusion_filter|filter_run_including|define_derived_metadata|exclude_pattern|config\.pattern)\b/,
    says: 'chooses which tests run',
  },
  {
    files: /\.rb$/,
    line: /\bconfig\.(?:before|around)\b/,
    inTextBelow:
      /(?:full_description|file_path|description|metadata\[:(?:file_path|full_description|location)\])[\s\S]{0,200}\bskip\b/,
    says: 'skips tests by their names',
  },
  {
    files: /_test\.go$/,
    line: /\bflag\.(?:Set|Lookup)\(\s*"test\.(?:run|skip|short)"|\bflag\.CommandLine\.Set\(\s*"test\./,
    says: 'chooses which tests go runs',
  },
  {
    files: /_test\.go$/,
    line: /\bfunc TestMain\(/,
    exceptInFile: /\.Run\(\)/,
    says: 'ends TestMain without running the tests',
  },
  {
    files: /\.(?:java|kt)$/,
    line: /\bimplements\b[^\n]{0,80}\b(?:ExecutionCondition|PostDiscoveryFilter|IMethodInterceptor|IAnnotationTransformer)\b/,
    inTextBelow: /disabled\(|excluded\(|setEnabled\(false\)|removeIf/,
    says: 'leaves tests out by a condition of its own',
  },
];

export function leftOutTests(path: string, { before, after }: { before: string | null; after: string }): LeftOut[] {
  const applies = ({ files, exceptInFile }: Rule): boolean =>
    files.test(path) && !(exceptInFile?.test(after.slice(0, MAX_CHARS)) ?? false);
  const rules = RULES.filter(applies);
  if (rules.length === 0) return [];
  const linesBefore = new Set((before ?? '').split('\n').map((line) => line.trim()));
  const lines = after
    .slice(0, MAX_CHARS)
    .split('\n')
    .map((line) => line.slice(0, LINE_CHARS));
  return lines.flatMap((line, at) => {
    if (/^\s*(?:#(?!\[)|\/\/|\*)/.test(line)) return [];
    const rest = (): string => lines.slice(at, at + WITHIN_LINES).join('\n');
    const rule = rules.find(
      (one) => one.line.test(line) && (one.inTextBelow === undefined || one.inTextBelow.test(rest())),
    );
    if (rule === undefined || isAllowed(lines, at)) return [];
    // A match over several lines is new if one of them is new.
    const matchedLines =
      rule.inTextBelow === undefined && !/[[({]\s*$/.test(line) ? [line] : lines.slice(at, at + WITHIN_LINES);
    return matchedLines.some((one) => one.trim() !== '' && !linesBefore.has(one.trim()))
      ? [{ line: at + 1, says: rule.says }]
      : [];
  });
}

/** Folders and files without tests, by their full names. */
const FOLDER_WITHOUT_TESTS =
  /^(?:\.{1,2}\/|<rootDir>\/|\/)*(?:setup\.py|conf\.py|docs?|examples?|data|fixtures?|resources|node_modules|build|dist|out|coverage|target|vendor|e2e|\.?venv|\.git|\.next|\.tox|\.cache)(?:\/\*{0,2}|\/\*\*\/\*)?\/?$/;
const PLATFORM_CONDITION =
  /\bif\b[^\n]{0,120}\b(?:sys\.version_info|sys\.platform|os\.name|platform\.|process\.platform|importlib\.util|find_spec|runtime\.GOOS|RUBY_VERSION|RUBY_ENGINE)/;

function isAllowed(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  const above = lines.slice(Math.max(0, at - 3), at + 1);
  if (above.some((one) => PLATFORM_CONDITION.test(one))) return true;
  const end = /[[({]\s*$/.test(line) ? lines.slice(at, at + WITHIN_LINES) : [line];
  const closingRow = end.findIndex((one, row) => row > 0 && /^\s*[\])}]/.test(one));
  const statement = (closingRow === -1 ? end : end.slice(0, closingRow)).join('\n');
  if (
    !/\b(?:collect_ignore|ignore|exclude|norecursedirs|testPathIgnorePatterns|modulePathIgnorePatterns)\b/i.test(
      statement,
    )
  )
    return false;
  const texts = (statement.match(/["'][^"'\n]{1,200}["']/g) ?? [])
    .map((one) => one.slice(1, -1))
    .filter((one) => !/^\w*[iI]gnore\w*$|^exclude$/.test(one));
  return texts.length > 0 && texts.every((one) => FOLDER_WITHOUT_TESTS.test(one.replace(/^\*\*\//, '')));
}
