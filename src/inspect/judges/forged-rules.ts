/**
 * Lists the rules for forged results: code and settings that make a failing test count as passed. Pure.
 */

interface Rule {
  files: RegExp;
  line: RegExp;
  /** Must match in the block that begins with the line. */
  inBlock?: RegExp;
  /** Must not match in the block. */
  exceptInBlock?: RegExp;
  /** Must not match anywhere in the file. */
  exceptInFile?: RegExp;
  /** What the line does, as the end of a sentence about the file. */
  says: string;
}
/** A rule that matched a line. */
interface Forgery {
  says: string;
  /** True if the rule looks at the line alone; false if it also looks at the block. */
  isLineAlone: boolean;
}

const SCRIPT = /\.[cm]?[jt]sx?$/;
const REPEATS_RED_TESTS = 'has red tests run again until they pass';
const OVERWRITES_RESULT = 'writes over the result of a test';
const ALWAYS_EXITS_ZERO = 'ends the run with success whatever the tests say';
const SWALLOWS_ERRORS = 'catches what a test throws, and lets it pass';
const REPLACES_ASSERTION = 'puts another function in the place of an assertion';
const IN_BROWSER = /\b(?:playwright|cypress|puppeteer|webdriver|wdio|selenium|testcafe|nightwatch)\b/i;
const RETHROWS = /\bthrow\b|\braise\b|\bpanic\(/;

const RULES: readonly Rule[] = [
  // pytest and unittest
  {
    files: /\.py$/,
    line: /\bdef pytest_(?:runtest_makereport|runtest_logreport|report_teststatus|runtest_logfinish)\b/,
    inBlock:
      /\b\w{1,40}\.(?:outcome|longrepr|wasxfail)\s*=(?!=)|setattr\(\w{1,40},\s*["'](?:outcome|longrepr|wasxfail)["']|\bcall\.excinfo\s*=(?!=)|\bforce_(?:result|exception)\(|TestReport\([^)]{0,200}["']passed["']|outcome\s*=\s*["']passed["']|\breturn\s+["']passed["']/,
    says: OVERWRITES_RESULT,
  },
  {
    files: /\.py$/,
    line: /\bdef pytest_(?:runtest_call|pyfunc_call|runtest_protocol|runtestloop|runtest_setup)\b/,
    inBlock:
      /\bexcept(?:\s*:|\s+\(?(?:AssertionError|Exception|BaseException|pytest\.fail|Failed|outcomes)|\s+\()|\bforce_(?:result|exception)\(|contextlib\.suppress\(/,
    exceptInBlock: /\braise\b|pytest\.fail\(/,
    says: SWALLOWS_ERRORS,
  },
  {
    files: /\.py$/,
    line: /\bdef pytest_(?:sessionfinish|unconfigure|terminal_summary|runtestloop|cmdline_main)\b/,
    inBlock:
      /\bexitstatus\s*=\s*(?:0|pytest\.ExitCode\.OK|ExitCode\.OK)\b|\b(?:os\._exit|sys\.exit|exit)\(\s*(?:0|ExitCode\.OK)?\s*\)|returncode\s*=\s*0|\btestsfailed\s*=\s*0|\breturn\s+0\b/,
    exceptInBlock: /==\s*5\b|NO_TESTS_COLLECTED/,
    says: ALWAYS_EXITS_ZERO,
  },
  {
    files: /(?:conftest|test_\w+|\w+_test)\.py$/,
    line: /\batexit\.register\([^\n]{0,80}_exit\b|\batexit\.register\(lambda[^\n]{0,60}exit\(/,
    says: ALWAYS_EXITS_ZERO,
  },
  {
    files: /\.py$/,
    line: /@(?:pytest\.mark\.)?flaky\b|\bpytestmark\s*=[^\n]{0,60}\bmark\.flaky\b/,
    says: REPEATS_RED_TESTS,
  },
  {
    files: /\.py$/,
    line: /\bdef (?:addFailure|addError|addSubTest)\(/,
    inBlock: /\bpass\b|addSuccess\(/,
    exceptInBlock: /super\(\)\.add(?:Failure|Error|SubTest)/,
    says: OVERWRITES_RESULT,
  },
  { files: /\.py$/, line: /\bdef wasSuccessful\(/, inBlock: /return True/, says: ALWAYS_EXITS_ZERO },
  {
    files: /\.py$/,
    line: /\bTestCase\.(?:assert\w{1,40}|fail|run)\s*=(?!=)|\bmonkeypatch\.setattr\([^\n]{0,60}["']assert\w{1,40}["']/,
    says: REPLACES_ASSERTION,
  },
  {
    files: /(?:pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|\.toml)$/,
    line: /--reruns\b|--force-flaky\b|--max-runs\b|^\s*reruns\s*=\s*["']?[1-9]|--suppress-no-test-exit-code\b|--suppress-tests-failed-exit-code\b/,
    says: REPEATS_RED_TESTS,
  },
  // JavaScript and TypeScript
  { files: SCRIPT, line: /\bjest\.retryTimes\(\s*[1-9]/, exceptInFile: IN_BROWSER, says: REPEATS_RED_TESTS },
  { files: SCRIPT, line: /\bthis\.retries\(\s*[1-9]/, exceptInFile: IN_BROWSER, says: REPEATS_RED_TESTS },
  {
    files: SCRIPT,
    line: /\b(?:it|test|describe|suite)(?:\.\w{1,20})?\([^\n]{1,200},\s*\{[^{}\n]{0,80}\bretry\s*:\s*[1-9]/,
    exceptInFile: IN_BROWSER,
    says: REPEATS_RED_TESTS,
  },
  {
    files: /(?:^|\/)(?:jest|vitest|vite)[^/]*\.(?:[cm]?[jt]s|json)$/,
    line: /^\s*["']?retry["']?\s*:\s*(?:[1-9]|\{|process)|\btest\s*:\s*\{[^\n]{0,200}\bretry\s*:\s*[1-9]/,
    exceptInFile: IN_BROWSER,
    says: REPEATS_RED_TESTS,
  },
  {
    files: /(?:^|\/)(?:\.mocharc[^/]*|mocha\.opts)$/,
    line: /["']?\b(?:--)?retries\b["']?\s*[:=\s]\s*[1-9]/,
    says: REPEATS_RED_TESTS,
  },
  {
    files: /(?:^|\/)package\.json$/,
    line: /"test[^"]{0,40}"\s*:\s*"[^"]{0,300}(?:--retr(?:y|ies)[= ][1-9]|\|\|\s*(?:true|exit 0|:)|;\s*(?:true|exit 0)\b)/,
    exceptInFile: IN_BROWSER,
    says: 'has red tests run again, or lets them pass',
  },
  {
    files: SCRIPT,
    line: /\b(?:afterAll|after|teardown|globalTeardown)\s*\(|process\.(?:on|once)\(\s*["'](?:exit|beforeExit)["']|\bexport (?:default )?(?:async )?function (?:teardown|globalTeardown)?\b\s*\(/,
    inBlock: /\bprocess\.(?:exit|reallyExit)\(\s*0?\s*\)|\bprocess\.exitCode\s*=\s*0\b/,
    says: ALWAYS_EXITS_ZERO,
  },
  {
    files: SCRIPT,
    line: /\bevent\.test\.errors(?:\.length)?\s*=(?!=)|\bevent\.test\.errors\.(?:splice|pop|shift)\(|\b(?:currentTest|test|runnable|this\.currentTest)\.state\s*=\s*["']passed["']|\btask\.result\.state\s*=\s*["']pass["']|\bnumFailedTests\s*=\s*0|\brunner\.failures\s*=\s*0|\bRunner\.prototype\.fail\s*=|\b(?:numFailedTestSuites|numFailingTests)\s*=\s*0/,
    says: OVERWRITES_RESULT,
  },
  {
    files: SCRIPT,
    line: /(?<![\w$.])assert(?:\.strict)?\[[^\]\n]{1,80}\]\s*=(?!=)|\bObject\.(?:assign|definePropert(?:y|ies))\(\s*(?:assert|expect)\b|\bsyncBuiltinESMExports\b|(?<![\w$.])(?:assert|chai\.assert)\.(?:equal|strictEqual|deepEqual|deepStrictEqual|notEqual|ok|throws|rejects|match|fail)\s*=(?!=)|\bglobal(?:This)?\.(?:expect|assert)\s*=(?!=)\s*(?!chai\b|require\b|await\b|expect\b|assert\b|_expect\b)/,
    exceptInFile: /\b(?:spy|jest\.fn|vi\.fn)\b/,
    says: REPLACES_ASSERTION,
  },
  {
    files: SCRIPT,
    line: /\bexpect\.extend\(/,
    inBlock:
      /(?:^|[\n{,])\s*(?:async\s)?(?:toBe|toEqual|toStrictEqual|toThrow|toThrowError|toMatchObject|toHaveLength|toContain|toMatch|toBeNull|toBeTruthy|toBeFalsy|toBeDefined|toHaveBeenCalled|toHaveBeenCalledWith)\s*[:(]/,
    says: REPLACES_ASSERTION,
  },
  // JVM
  {
    files: /(?:^|\/)pom\.xml$/,
    line: /<rerunFailingTestsCount>\s*[1-9]|surefire\.rerunFailingTestsCount>\s*[1-9]/,
    says: REPEATS_RED_TESTS,
  },
  {
    files: /(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?)$/,
    line: /<testFailureIgnore>\s*true|maven\.test\.failure\.ignore>\s*true|\bignoreFailures\s*(?:=|\.set\()\s*true/,
    says: ALWAYS_EXITS_ZERO,
  },
  { files: /build\.gradle(?:\.kts)?$/, line: /\bmaxRetries\s*(?:=|\.set\()\s*[1-9]/, says: REPEATS_RED_TESTS },
  {
    files: /\.(?:java|kt|groovy)$/,
    line: /@(?:RetryingTest|RepeatedIfExceptionsTest|Retry|Flaky|RetryTest)\b|\bimplements\s[^\n{]{0,80}\bIRetryAnalyzer\b|\bretryAnalyzer\s*=/,
    says: REPEATS_RED_TESTS,
  },
  {
    files: /\.(?:java|kt|groovy)$/,
    line: /\b(?:void|fun)\s+(?:handle(?:Test|BeforeEach|AfterEach|BeforeAll)\w{0,20}Exception)\(|\bsetStatus\(\s*ITestResult\.SUCCESS/,
    exceptInBlock: RETHROWS,
    says: SWALLOWS_ERRORS,
  },
  {
    files: /\.(?:java|kt|groovy)$/,
    line: /\b(?:void|fun)\s+(?:interceptTest\w{0,20}|evaluate|run)\(/,
    inBlock: /\b(?:invocation\.proceed|base\.evaluate|statement\.evaluate)\(\)[\s\S]{0,120}\bcatch\s*\(/,
    exceptInBlock: RETHROWS,
    says: SWALLOWS_ERRORS,
  },
  // Others
  { files: /(?:^|\/)\.?(?:config\/)?nextest\.toml$/, line: /^\s*retries\s*=\s*(?:[1-9]|\{)/, says: REPEATS_RED_TESTS },
  {
    files: /\.rb$/,
    line: /\bdefault_retry_count\s*=\s*[1-9]|\b(?:it|specify|describe|context)\b[^\n]{0,200}\bretry:\s*[1-9]|Minitest::Retry\.use!/,
    exceptInFile: IN_BROWSER,
    says: REPEATS_RED_TESTS,
  },
  {
    files: /\.rb$/,
    line: /\binstance_variable_set\(\s*:@(?:exception|failures)\b|\bset_exception\(nil\)|\bdef passed\?/,
    says: OVERWRITES_RESULT,
  },
  {
    files: /\.rb$/,
    line: /\bat_exit\b|after\(:suite\)|after_run\b/,
    inBlock: /\bexit!?\(?\s*(?:0|true)\b/,
    says: ALWAYS_EXITS_ZERO,
  },
  { files: /(?:^|\/)tests?\/[^\n]{0,200}\.rs$/, line: /\bprocess::exit\(\s*0\s*\)/, says: ALWAYS_EXITS_ZERO },
  { files: /\.php$/, line: /\bregister_shutdown_function\(/, inBlock: /\bexit\(\s*0\s*\)/, says: ALWAYS_EXITS_ZERO },
  {
    files: /\.cs$/,
    line: /\[(?:Retry|RetryFact|RetryTheory)\b(?:\(\s*\d)?/,
    exceptInFile: IN_BROWSER,
    says: REPEATS_RED_TESTS,
  },
];

/** Returns a function that judges a line and the block that begins with it; undefined if no rule applies to this file. */
export function createFindForgery(
  path: string,
  text: string,
): ((line: string, body: string) => Forgery | undefined) | undefined {
  const rules = RULES.filter(({ files, exceptInFile }) => files.test(path) && exceptInFile?.test(text) !== true);
  if (rules.length === 0) return undefined;
  return (line, body) => {
    const rule = rules.find(
      (one) =>
        one.line.test(line) &&
        (one.inBlock?.test(body) ?? true) &&
        !(one.exceptInBlock !== undefined && one.exceptInBlock.test(body)),
    );
    return rule === undefined
      ? undefined
      : { says: rule.says, isLineAlone: rule.inBlock === undefined && rule.exceptInBlock === undefined };
  };
}
