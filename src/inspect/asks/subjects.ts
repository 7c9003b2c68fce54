/**
 * Lists subjects: values that ordinary programs read, such as the command line, the callers, the folder, the host and the user. A
 * comparison of such a value with certain words detects a test run. Pure.
 */
import type { Syntax } from './code-view';

export interface Subject {
  asks: string;
  pattern: RegExp;
  /** A literal of the statement that makes it a detection. */
  words: RegExp;
  languages?: readonly Syntax[];
}

/** A word for tests as a part of a name or a path; `latest` and `contest` do not match. */
const TEST_WORD =
  /(?:^|[^a-z])(?:tests?|specs?|testing|jest|vitest|mocha|jasmine|karma|ava|tape|uvu|pytest|py\.test|unittest|nose2?|junit|testng|surefire|gradle test|phpunit|rspec|minitest|xunit|nunit|deps|testhost|conftest)(?:[^a-z]|$)/i;
/** Names of runners, and words that only paths of test files contain: `test` alone may be a command line argument. */
const TEST_COMMAND =
  /jest|vitest|mocha|jasmine|karma|pytest|py\.test|unittest|phpunit|rspec|[._/\\](?:tests?|spec)(?:[._/\\-]|$)|\w-(?:tests?|spec)(?:[._]|$)|^tests?[._/\\]|^(?:test|spec)_|node:test|process-child/i;
const SANDBOX_FOLDER =
  /^\/(?:workspace|report|reporters|production|tmp|run|private|scratch)(?:\/|$)|(?:^|[/\\])(?:workspace|sandbox|scratch|tree|tests?|specs?|__tests__|release)(?:[/\\]|$)/i;
const ANY_TEXT = /./;

export const SUBJECTS: readonly Subject[] = [
  {
    asks: 'how it was started',
    pattern:
      /\bprocess\??\.(?:argv|execArgv|argv0|title|mainModule)\b|\bprocess\['(?:argv|execArgv|title)'\]|\brequire\.main\??\.\w+|\bmodule\.parent\??\.\w+/g,
    words: TEST_COMMAND,
    languages: ['script'],
  },
  // The whole list, its first two entries, or the flags of the program that runs the code: none of these is an argument of the user.
  {
    asks: 'how it was started',
    pattern:
      /\bprocess\??\.(?:execArgv\b|argv(?:\??\.\[|\[)[01]\]|argv\.(?:join|toString|some|find|includes)\b)|\bsys\.argv\[0\]|\bsys\.orig_argv\b|\bos\.Args\[0\]|\bARGV\.join|\$0(?!\w)|\$PROGRAM_NAME\b/g,
    words: /(?:^|[^a-z-])(?:tests?|spec|testing|tap|ava)(?:[^a-z]|$)|^--test/i,
  },
  {
    asks: 'how it was started',
    pattern:
      /\bsys\.(?:orig_)?argv\b|\bos\.Args\b|\bos\.Executable\(|\benv::args(?:_os)?\(|\bcurrent_exe\(|\$_SERVER\['argv'\]|\$argv\b|\bARGV\b|\$0(?!\w)|\$PROGRAM_NAME\b/g,
    words: TEST_COMMAND,
  },
  {
    asks: 'how it was started',
    pattern:
      /\bcurrent_exe\(|\benv::args(?:_os)?\(|\bgetProperty\(\s{0,9}'(?:sun\.java\.command|java\.class\.path|surefire[\w.]*)'/g,
    words: /\b(?:deps|junit|surefire|test)/i,
  },
  {
    asks: 'which modules are loaded',
    pattern: /\brequire\.cache\b|\$LOADED_FEATURES\b|\bget_included_files\(|\bGetAssemblies\(/g,
    words: TEST_WORD,
  },
  {
    asks: 'which modules are loaded',
    pattern: /\bsys\.modules\b/g,
    words: /pytest|unittest|nose|coverage|doctest|hypothesis|conftest|(?:^|[^a-z])test/i,
  },
  {
    asks: 'who calls it',
    pattern:
      /\bstack\b|\bstackTrace\b|\b[sS]tackWalker\b|\bgetStackTrace\(|\bcaller(?:_locations)?\b|\bdebug_backtrace\(|\bBacktrace\b|\bdebug\.Stack\(|\bruntime\.(?:Caller|Callers|FuncForPC|CallersFrames)\(|\bEnvironment\.StackTrace\b/g,
    words: TEST_WORD,
  },
  {
    asks: 'who calls it',
    pattern: /\bstack\b|\bstackTrace\b/g,
    words: /\/workspace|\/reporters?\b|node_modules\/(?:jest|vitest|mocha)/,
  },
  {
    asks: 'which thread it runs in',
    pattern: /\bthread::current\(\)\.name\(|\bcurrentThread\(\)\.(?:getName\(|name\b)/g,
    words: /main|test/i,
  },
  {
    asks: 'in which folder it runs',
    pattern:
      /\bprocess\??\.cwd\(\)|\b__dirname\b|\b__filename\b|\bimport\.meta\.(?:url|dirname|filename|path)\b|\bgetcwd\(\)|\bPath\.cwd\(\)|\b__file__\b|\bos\.Getwd\(\)|\bcurrent_dir\(\)|\bDir\.pwd\b|\b__DIR__\b|\b__FILE__\b|\b__dir__\b|\bgetProperty\(\s{0,9}'user\.(?:dir|home)'\)|\bhomedir\(\)|\bexpanduser\(\s{0,9}'~'\s{0,9}\)|\bPath\.home\(\)|\bos\.UserHomeDir\(\)|\bDir\.home\b|\benv(?:iron)?(?:\.get\(|\.|\[)'?(?:PWD|HOME|INIT_CWD)\b/g,
    words: SANDBOX_FOLDER,
  },
  {
    asks: 'for folders of the sandbox',
    pattern:
      /\b(?:exists|existsSync|access|accessSync|stat|statSync|lstatSync|readdirSync|readdir|isdir|isfile|is_dir|is_file|Stat|Path|Path::new|file_exists|File\.exist\?|Dir\.exist\?|new File|listdir|scandir)\(\s{0,9}(?='\/)/g,
    words: /^\/(?:workspace|report|reporters|production)(?:\/|$)/,
  },
  {
    asks: 'on which host it runs',
    pattern:
      /\bhostname\(\)|\bgethostname\(\)|\bplatform\.node\(\)|\bos\.Hostname\(\)|\bgetHostName\(\)|\buname\(\)\.nodename\b|\benv(?:iron)?(?:\.get\(|\.|\[)'?HOSTNAME\b/g,
    words: ANY_TEXT,
  },
  {
    asks: 'as which user it runs',
    pattern:
      /\buserInfo\(\)|\bgetpass\.getuser\(\)|\bgetlogin\(\)|\buser\.Current\(\)|\bgetpwuid\(|\bgetProperty\(\s{0,9}'user\.name'\)|\benv(?:iron)?(?:\.get\(|\.|\[)'?(?:USER|LOGNAME|USERNAME)\b/g,
    words: ANY_TEXT,
  },
];

/** A comparison of the user id with a number other than 0: the check for root is usual. */
export const UID_COMPARISON =
  /\b(?:gete?uid|Gete?uid)\??\.?\(\)\s{0,9}(?:[!=]={1,2}|[<>]=?)\s{0,9}[1-9]|\b[1-9]\d{0,9}\s{0,9}(?:[!=]={1,2}|[<>]=?)\s{0,9}(?:process|os)\??\.(?:gete?uid|Gete?uid)\??\.?\(\)/g;

/** Operators and calls that compare a value with a literal. */
export const COMPARISON =
  /[!=]==?|=~|\bin\b|\bcase\b|\.(?:includes|indexOf|lastIndexOf|match|matchAll|test|search|exec|startsWith|endsWith|some|every|find|findIndex|filter|contains|Contains|HasSuffix|HasPrefix|Match|MatchString|equals|equalsIgnoreCase|matches|is_match|ends_with|starts_with|endswith|startswith|count|index|fullmatch|anyMatch|noneMatch|StartsWith|EndsWith|Equals|include\?|start_with\?|end_with\?|match\?|any\?|eql\?|relative_to|is_relative_to)\??\(|\.(?:any\?|grep)|\b(?:preg_match|strpos|stripos|str_contains|str_ends_with|str_starts_with|in_array|any|re\.search|re\.match|existsSync|exists|access|accessSync|stat|statSync|lstatSync|readdirSync|readdir|isdir|isfile|is_dir|is_file|Stat|file_exists|exist\?|listdir|scandir)\b/;
