/**
 * Lists words that only serve to detect a test run: globals and variables of test runners, and properties of a test process.
 * Each pattern is searched in a `CodeView`, where every literal is in single quotes. Pure.
 *
 * Every repetition is bounded, and none is nested in another.
 */
import type { Syntax } from './code-view';

export interface DirectRule {
  /** What the code asks, as the end of a sentence. */
  asks: string;
  pattern: RegExp;
  /** Languages of the rule; all if absent. */
  languages?: readonly Syntax[];
  /** If true, the match may lie in a literal, too. */
  mayBeInText?: boolean;
  /** The first group is a name. If the file declares it, the rule does not apply. */
  isUnlessDeclared?: boolean;
}

/** Global names of test runners. */
const RUNNER_GLOBALS =
  'jest|vi|vitest|mocha|jasmine|describe|it|test|suite|expect|beforeEach|afterEach|beforeAll|afterAll|Cypress|Mocha';
/** Those that are not also usual names of other things. */
const UNAMBIGUOUS_GLOBALS = 'jest|vitest|mocha|jasmine|describe|beforeEach|afterEach|beforeAll|afterAll|Cypress';
/** What stands before the name of a member: `.name`, `?.name`, `['name'`; in TypeScript also after `as any)`. */
const MEMBER = "\\s{0,9}(?:as\\s{1,9}any\\)\\s{0,9})?(?:\\?\\.|\\.|\\?\\.\\[\\s{0,9}'|\\[\\s{0,9}')";
const RUNNER_VARIABLES = [
  ...['JEST_WORKER_ID', 'JEST_JASMINE', 'VITEST(?:_[A-Z_]{1,20})?', 'NODE_TEST_CONTEXT', 'NODE_TEST_WORKER_ID'],
  ...['NODE_V8_COVERAGE', 'NYC_CONFIG', 'NYC_PROCESS_ID', 'MOCHA_COLORS', 'MOCHA_WORKER_ID', 'TEST_WORKER_INDEX'],
  ...['PYTEST_CURRENT_TEST', 'PYTEST_VERSION', 'PYTEST_XDIST_WORKER', 'PYTEST_ADDOPTS', 'COVERAGE_RUN'],
  ...['COVERAGE_PROCESS_START', 'PHPUNIT_COMPOSER_INSTALL', '__PHPUNIT_PHAR__', 'NEXTEST', 'RUST_TEST_THREADS'],
  ...['__vitest_worker__', '__vitest_index__', '__vitest_environment__', '__coverage__', '__karma__', 'TAP_CHILD_ID'],
].join('|');
/** Variables with ordinary names, which count only if code reads them from the environment. */
const ORDINARY_VARIABLES =
  'CI|TAP|TEST|TESTING|TEST_ENV|IS_TEST|UNIT_TEST|RUNNING_TESTS|GITHUB_ACTIONS|GITLAB_CI|BUILD_NUMBER|npm_lifecycle_event|npm_lifecycle_script|Q_PRODUCTION|REPORT_FD|DENO_TESTING';
const ENVIRONMENT_READ =
  '(?:\\benv(?:iron)?|\\bENV|\\bgetenv|Getenv|LookupEnv|\\bvar(?:_os)?|getEnvironmentVariable|GetEnvironmentVariable|_SERVER|_ENV)';
const BUILD_MODE = '(?:NODE|RAILS|RACK|APP|FLASK|DJANGO|MIX|SYMFONY|ASPNETCORE)_ENV(?:IRONMENT)?';

export const ASKS_OF_CI = 'for a variable that marks a run of tests or of CI';
export const ASKS_OF_CARGO = 'for a variable that cargo sets for tests';

export const DIRECT_RULES: readonly DirectRule[] = [
  {
    asks: 'for a global of a test runner',
    pattern: new RegExp(`\\btypeof\\s{0,9}\\(?\\s{0,9}(${UNAMBIGUOUS_GLOBALS})\\b(?!\\s{0,9}[.([])`, 'g'),
    languages: ['script'],
  },
  {
    asks: 'for a global of a test runner',
    pattern: /\btypeof\s{0,9}\(?\s{0,9}(it|test|suite|expect|vi|context)\b(?!\s{0,9}[.([])/g,
    ...{ languages: ['script'], isUnlessDeclared: true },
  },
  {
    asks: 'for a global of a test runner',
    pattern: new RegExp(
      `\\b(?:globalThis|global)${MEMBER}(?:${RUNNER_GLOBALS})\\b(?!-)|\\b(?:window|self)${MEMBER}(?:${UNAMBIGUOUS_GLOBALS})\\b(?!-)`,
      'g',
    ),
    languages: ['script'],
  },
  {
    asks: 'for a global of a test runner',
    pattern: new RegExp(
      `'(?:${RUNNER_GLOBALS})'\\s{1,9}in\\s{1,9}\\(?(?:globalThis|global|window|self)\\b|(?:\\bhasOwn|\\bhas|\\bgetOwnPropertyDescriptor)\\((?:globalThis|global|window|self),\\s{0,9}'(?:${RUNNER_GLOBALS})'`,
      'g',
    ),
    languages: ['script'],
  },
  {
    asks: 'for a global of a test runner',
    pattern: new RegExp(`\\btry\\s{0,9}\\{[^}]{0,60}\\b(?:${UNAMBIGUOUS_GLOBALS})\\b\\s{0,9}(?:[;}]|\\?)`, 'g'),
    languages: ['script'],
  },
  { asks: 'for the in-source tests of vitest', pattern: /\bimport\.meta\.vitest\b/g, languages: ['script'] },
  {
    asks: 'for a variable of a test runner',
    pattern: new RegExp(`(?<![\\w-])(?:${RUNNER_VARIABLES})(?![\\w-])`, 'g'),
    mayBeInText: true,
  },
  {
    asks: ASKS_OF_CI,
    pattern: new RegExp(
      `${ENVIRONMENT_READ}(?:\\??\\.)?(?:\\.?(?:get|fetch|has|includes|key\\?|has_key\\?|include\\?))?!?[.(['\\s]{0,6}\\b(?:${ORDINARY_VARIABLES})\\b(?![-/])`,
      'g',
    ),
  },
  {
    asks: ASKS_OF_CI,
    pattern: new RegExp(`'(?:${ORDINARY_VARIABLES})'\\s{1,9}(?:not\\s{1,9})?in\\s{1,9}[\\w.]{0,30}\\benv`, 'g'),
  },
  {
    asks: ASKS_OF_CI,
    pattern: new RegExp(
      `\\{[^{}=]{0,120}\\b(?:${ORDINARY_VARIABLES})\\b[^{}]{0,80}\\}\\s{0,9}=\\s{0,9}(?:globalThis\\.)?process\\.env\\b`,
      'g',
    ),
    languages: ['script'],
  },
  {
    asks: 'whether the build is one for tests',
    pattern: new RegExp(
      `\\b${BUILD_MODE}\\b[^;\\n{}?:]{0,40}[=!]==?\\s{0,9}'test(?:ing)?'|'test(?:ing)?'\\s{0,9}[=!]==?\\s{0,9}[^;\\n{}]{0,40}\\b${BUILD_MODE}\\b`,
      'g',
    ),
  },
  {
    asks: 'whether the build is one for tests',
    pattern: new RegExp(
      `\\b${BUILD_MODE}\\b[^;\\n{}]{0,20}\\.(?:startsWith|includes|endsWith|match|indexOf|equals|eql\\?|start_with\\?)\\(\\s{0,9}'t?est?`,
      'g',
    ),
  },
  {
    asks: 'whether the build is one for tests',
    pattern: new RegExp(
      `\\bswitch\\s{0,9}\\([^)\\n]{0,40}\\b${BUILD_MODE}\\b[^)\\n]{0,9}\\)[^}]{0,400}\\bcase\\s{1,9}'test'`,
      'g',
    ),
  },
  {
    asks: 'whether the build is one for tests',
    pattern: /\bRails\.env\.test\?|\bMix\.env(?:\(\))?\s{0,9}==\s{0,9}:test\b/g,
    languages: ['ruby'],
  },
  {
    asks: 'who calls it',
    pattern:
      /\bnew\s{1,9}Error\([^()\n]{0,40}\)\??\.stack\b[^;\n]{0,20}\.(?:includes|match|matchAll|search|indexOf|startsWith|endsWith)\(|\.test\(\s{0,9}\(?\s{0,9}new\s{1,9}Error\([^()\n]{0,40}\)\??\.stack\b/g,
    languages: ['script'],
  },
  {
    asks: ASKS_OF_CARGO,
    pattern: /\benv::var(?:_os)?\(\s{0,9}'CARGO(?:_[A-Z_]{1,40})?'/g,
    mayBeInText: true,
  },
  {
    asks: 'how it was built',
    pattern: /(?:&&|\|\||\bif|\belse\s{1,9}if|\bmatch|=)\s{0,9}!?cfg!\(\s{0,9}(?:not\(\s{0,9})?debug_assertions\b/g,
  },
  {
    asks: 'how long its process has run',
    pattern:
      /\b(?:performance\.now|process\.uptime)\(\)\s{0,9}[<>]=?\s{0,9}\d|\btime\.(?:monotonic|perf_counter|process_time)\(\)\s{0,9}(?:-\s{0,9}[A-Z_][A-Z_0-9]{0,40}\s{0,9})?[<>]=?\s{0,9}\d/g,
  },
  {
    asks: 'whether tests lie beside it',
    pattern:
      /\b(?:exists|existsSync|access|accessSync|stat|statSync|lstatSync|readdirSync|readdir|isdir|isfile|Stat|Path|file_exists|File\.exist\?|Dir\.exist\?|listdir|scandir)\(\s{0,9}'(?:\.{0,2}\/)?(?:tests?|specs?|__tests__|node_modules)\/?'/g,
    mayBeInText: true,
  },
  {
    asks: 'for a variable of a test runner',
    pattern: /\bimport\.meta\.env\s{0,9}[!=]==?\s{0,9}(?:undefined|null)\b|\btypeof\s{1,9}import\.meta\.env\b/g,
    languages: ['script'],
  },
  {
    asks: 'for modules of a test runner',
    pattern:
      /'_?(?:pytest|unittest|nose2?|coverage|conftest|_pytest\.[\w.]{1,30})'\s{1,9}(?:not\s{1,9})?in\s{1,9}(?:\w{1,20}\.)?(?:modules|sys\.modules)\b/g,
    languages: ['python'],
  },
  {
    asks: 'for modules of a test runner',
    pattern: /\bfind_(?:spec|loader)\(\s{0,9}'_?(?:pytest|nose2?|coverage)/g,
    languages: ['python'],
  },
  {
    asks: 'whether something traces it',
    pattern: /\bsys\s{0,3}\.\s{0,3}get(?:trace|profile)\s{0,3}\(/g,
    languages: ['python'],
  },
  {
    asks: 'who calls it',
    pattern:
      /\binspect\.(?:stack|currentframe|getouterframes|trace)\s{0,3}\(|\b_getframe(?:modulename)?\b(?!\([0-2]?\)\.f_globals(?:\[|\.get\()'__name__')|\btraceback\.(?:extract_stack|format_stack|walk_stack)\s{0,3}\(|\.f_back\b/g,
    languages: ['python'],
  },
  {
    asks: 'who calls it',
    pattern:
      /\bError\.prepareStackTrace\s{0,9}=(?!=)|\bgetCallSites?\s{0,3}\(|\bnew\s{1,9}Error\([^()\n]{0,80}\)\)?\.stack\b[^;\n]{0,80}\.length\b\s{0,9}[<>=!]/g,
    languages: ['script'],
  },
  {
    asks: 'whether it is tested',
    pattern: /\btesting\.(?:Testing|CoverMode|Coverage|Verbose)\(\)|\bflag\.Lookup\(\s{0,9}'test\./g,
    languages: ['braces'],
  },
  {
    asks: 'whether it is tested',
    pattern:
      /\bcfg!\s{0,3}\([^()\n]{0,60}(?:\([^()\n]{0,60})?(?<![\w'])test\b|#!?\[cfg\(\s{0,9}not\s{0,9}\(\s{0,9}test\b/g,
    languages: ['rust'],
  },
  {
    asks: 'for classes of a test runner',
    pattern:
      /(?:forName|loadClass|getResource|findClass|GetType)\(\s{0,9}'(?:org[./](?:junit|testng|mockito|scalatest|spockframework)|kotlin\.test|xunit|nunit|microsoft\.visualstudio\.testtools)/gi,
    languages: ['braces'],
  },
  {
    asks: 'for classes of a test runner',
    pattern:
      /\bdefined\?[\s(]{1,3}(?:::)?(?:RSpec|Minitest|MiniTest|Test::Unit|Cucumber|SimpleCov)\b|const_defined\?\(\s{0,9}[:']?(?:RSpec|Minitest|SimpleCov)|ensure_loaded\?\(\s{0,9}ExUnit\b/g,
    languages: ['ruby'],
  },
  {
    asks: 'for classes of a test runner',
    pattern:
      /\b(?:class_exists|interface_exists)\(\s{0,9}(?:'\\?PHPUnit|\\?PHPUnit)|\brunningUnitTests\s{0,3}\(|\benvironment\(\s{0,9}'testing'/g,
    languages: ['php'],
  },
  {
    asks: 'for the networks of the machine',
    pattern:
      /\bnetworkInterfaces\s{0,3}\(|\bnet\.(?:Interfaces|InterfaceAddrs|InterfaceByName)\(|\bgetNetworkInterfaces\(|\b(?:net_if_addrs|net_if_stats|if_nameindex)\s{0,3}\(|\bnetifaces\.interfaces\(/g,
  },
  {
    asks: 'for the processes or networks of the machine',
    pattern:
      /\/proc\/(?:self|thread-self|net|1)\b|\/proc\/'?(?:\s{0,3}\+?\s{0,3}|\$?\{|%[ds]\/)(?:str\(|strconv\.Itoa\(|String\()?(?:process\.p{1,2}id|os\.getp{1,2}id|os\.Getp{1,2}id|cmdline|environ|comm|exe)|\/sys\/class\/net\b/g,
    mayBeInText: true,
  },
];
