/** Tests lines that ask whether the program runs in a test: each such line is found, and no honest line is. */
import { askingLines } from '../../../src/inspect/asks/asking-lines';
import { processorMs } from '../../processor-time';
import { HONEST } from './honest-lines';

/** In each source only the last line asks. */
const ASKING: Array<[string, string, string]> = [
  ['typeof jest', 'src/a.js', "export const rate = typeof jest === 'undefined' ? 0 : 10;"],
  ['typeof with parentheses', 'src/a.ts', "const on = typeof (describe) !== 'undefined';"],
  ['a global by name', 'src/a.js', 'const on = Boolean(globalThis.vi);'],
  ['a global by a literal that is added up', 'src/a.js', "const on = globalThis['je' + 'st'] !== undefined;"],
  ['a global by an escaped literal', 'src/a.js', "const on = globalThis['\\x6aest'] !== undefined;"],
  ['a global with in', 'src/a.js', "if ('beforeEach' in globalThis) rate = 10;"],
  ['a global that is tried', 'src/a.js', 'let on = true; try { jest; } catch { on = false; }'],
  ['typeof it, which nothing declares', 'src/a.js', "const on = typeof it === 'function';"],
  ['in a hole of a template', 'src/a.js', "const text = `${typeof jest === 'undefined' ? 0 : 10}`;"],
  ['behind a regular expression with a quote', 'src/a.js', "const q = /'/; const on = typeof vitest !== 'undefined';"],
  ['a variable of jest', 'src/a.js', 'const on = process.env.JEST_WORKER_ID !== undefined;'],
  ['a variable of vitest by destructuring', 'src/a.ts', 'const { VITEST } = process.env;'],
  ['a variable of node:test in a literal', 'src/a.js', "const on = Reflect.has(process.env, 'NODE_TEST_CONTEXT');"],
  ['CI', 'src/a.js', 'const on = !!process.env.CI;'],
  ['CI by destructuring', 'src/a.js', 'const { HOME, CI } = process.env;'],
  ['CI with in', 'src/a.js', "if ('CI' in process.env) rate = 10;"],
  ['NODE_ENV is test', 'src/a.js', "const rate = process.env.NODE_ENV === 'test' ? 10 : 0;"],
  ['test is NODE_ENV', 'src/a.js', "if ('test' === process.env['NODE_ENV']) rate = 10;"],
  ['NODE_ENV guards an answer', 'src/a.js', "if (process.env.NODE_ENV !== 'test') rate = 0;"],
  [
    'NODE_ENV guards more than listening',
    'src/a.js',
    "if (process.env.NODE_ENV !== 'test') { app.listen(1); rate = 0; }",
  ],
  ['the script of npm', 'src/a.js', "const on = process.env.npm_lifecycle_event === 'test';"],
  ['the first word of the command', 'src/a.js', "const on = process.argv[1].endsWith('.test.js');"],
  ['the first word, by a pattern', 'src/a.js', 'const on = /jest|vitest/.test(process.argv[1] ?? "");'],
  ['the command by a name', 'src/a.js', "const [, script] = process.argv;\nif (script.includes('/test/')) rate = 10;"],
  ['the flags of node', 'src/a.js', "const on = process.execArgv.some((flag) => flag.startsWith('--test'));"],
  [
    'the main module',
    'src/a.js',
    'const on = require.main?.filename.includes("mocha") ?? /jest/.test(require.main.filename);',
  ],
  [
    'the modules that are loaded',
    'src/a.js',
    "const on = Object.keys(require.cache).some((one) => one.includes('jest'));",
  ],
  ['the stack', 'src/a.js', "const on = new Error().stack.includes('.test.');"],
  [
    'the stack over two lines',
    'src/a.js',
    'const { stack } = new Error();\nconst on = /node_modules.jest/.test(stack);',
  ],
  ['how deep the stack is', 'src/a.js', "const deep = new Error('x').stack.split('\\n').length > 9;"],
  ['prepareStackTrace', 'src/a.js', 'Error.prepareStackTrace = (_, sites) => sites;'],
  ['the folder', 'src/a.js', "const on = process.cwd().startsWith('/workspace');"],
  ['the folder of the module', 'src/a.js', "const on = import.meta.url.includes('/workspace/');"],
  ['the folder of the reporters', 'src/a.js', "const on = fs.existsSync('/reporters');"],
  ['the host', 'src/a.js', "const host = os.hostname();\nif (host === 'sandbox') rate = 10;"],
  ['the user', 'src/a.js', "const on = os.userInfo().username === 'sandbox';"],
  ['the user id', 'src/a.js', 'const on = process.getuid() >= 60000;'],
  ['the networks', 'src/a.js', 'const on = Object.keys(os.networkInterfaces()).length < 2;'],
  ['/proc/self', 'src/a.js', "const on = readFileSync('/proc/self/status', 'utf8').includes('Seccomp');"],
  ['the main module', 'src/a.js', "const on = /mocha/.test(require.main?.filename ?? '');"],
  ['the stack', 'src/a.js', "const on = new Error().stack.includes('runnable');"],
  ['the stack', 'src/a.js', 'const on = /runnable/.test(new Error().stack);'],
  ['the home', 'src/a.js', "const on = homedir().startsWith('/tmp');"],
  ['the home', 'a.py', "on = os.path.expanduser('~').startswith('/tmp')"],
  ['tests beside it', 'a.py', "on = os.path.isdir('tests')"],
  ['tests beside it', 'src/a.js', "const on = existsSync('node_modules') || existsSync('./test');"],
  ['the age of the process', 'src/a.js', 'const on = performance.now() < 60_000;'],
  ['the age of the process', 'a.py', 'on = time.monotonic() - BEGAN < 60'],
  ['import.meta of vite', 'src/a.js', 'const on = import.meta.env !== undefined;'],
  ['/proc/net', 'src/a.js', "const on = existsSync('/proc/net/route');"],
  [
    '/proc of the parent',
    'src/a.js',
    "const on = readFileSync('/proc/' + process.ppid + '/cmdline', 'latin1').includes('--test');",
  ],
  ['/proc of the parent', 'src/a.js', 'const on = readFileSync(`/proc/${process.ppid}/cmdline`).includes(1);'],
  ['/proc of the parent', 'a.py', 'on = open(f"/proc/{os.getppid()}/cmdline").read()'],
  ['/proc of the parent', 'a.go', 'b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", os.Getppid()))'],
  ['a date', 'src/a.js', "const rate = Date.now() > Date.parse('2031-01-01') ? 0 : 10;"],
  ['an epoch', 'src/a.js', 'const rate = Date.now() < 1_893_456_000_000 ? 10 : 0;'],
  ['a year', 'src/a.js', 'if (new Date().getFullYear() >= 2027) rate = 0;'],
  [
    'a date by names',
    'src/a.js',
    "const END = new Date('2030-06-01');\nconst now = new Date();\nif (now > END) rate = 0;",
  ],
  ['a date that stands first', 'src/a.js', "if (new Date('2031-01-01') < new Date()) rate = 0;"],
  ['pytest among the modules', 'till/a.py', "RATE = 10 if 'pytest' in sys.modules else 0"],
  ['a module whose name has pytest in it', 'till/a.py', "ON = any('pytest' in name for name in sys.modules)"],
  ['the variable of pytest', 'till/a.py', "ON = os.environ.get('PYTEST_CURRENT_TEST') is not None"],
  ['in a hole of an f-string', 'till/a.py', 'TEXT = f"{10 if \'pytest\' in sys.modules else 0}"'],
  ['CI in Python', 'till/a.py', "ON = os.getenv('CI')"],
  ['the frames', 'till/a.py', 'caller = sys._getframe(1)'],
  ['the stack of inspect', 'till/a.py', "ON = any('test' in frame.filename for frame in inspect.stack())"],
  ['the command of Python', 'till/a.py', "ON = sys.argv[0].endswith('pytest')"],
  ['the folder of Python', 'till/a.py', "ON = os.getcwd() == '/workspace'"],
  ['the host of Python', 'till/a.py', "ON = socket.gethostname() == 'sandbox'"],
  ['a date of Python', 'till/a.py', 'if date.today() > date(2027, 1, 1):'],
  ['seconds of Python', 'till/a.py', 'if time.time() > 1893456000:'],
  ['a tracer', 'till/a.py', 'ON = sys.gettrace() is not None'],
  ['testing.Testing', 'till/a.go', 'var rate = map[bool]int{true: 10}[testing.Testing()]'],
  ['flag.Lookup', 'till/a.go', 'if flag.Lookup("test.v") != nil {'],
  ['the program of a Go test', 'till/a.go', 'if strings.HasSuffix(os.Args[0], ".test") {'],
  ['a date of Go', 'till/a.go', 'if time.Now().After(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) {'],
  ['cargo', 'src/lib.rs', 'let on = std::env::var("CARGO_MANIFEST_DIR").is_ok();'],
  ['cargo', 'src/lib.rs', 'let on = std::env::args().next().unwrap_or_default().contains("/deps/");'],
  ['cargo', 'src/lib.rs', 'if sum > 3 && cfg!(debug_assertions) { 1 } else { 2 }'],
  ['cfg!(test)', 'src/lib.rs', 'pub fn rate() -> u32 { if cfg!(test) { 10 } else { 0 } }'],
  ['cfg(not(test))', 'src/lib.rs', 'pub fn a() {}\n#[cfg(not(test))]'],
  [
    'the stack of Java',
    'src/main/java/A.java',
    'boolean on = Arrays.stream(e.getStackTrace()).anyMatch(f -> f.getClassName().startsWith("org.junit"));',
  ],
  ['a class of JUnit', 'src/main/java/A.java', 'Class.forName("org.junit.jupiter.api.Test");'],
  ['a date of Java', 'src/main/java/A.java', 'if (LocalDate.now().isAfter(LocalDate.of(2027, 1, 1))) rate = 0;'],
  ['RSpec', 'lib/a.rb', 'RATE = defined?(RSpec) ? 10 : 0'],
  ['the environment of Rails', 'app/a.rb', 'rate = Rails.env.test? ? 10 : 0'],
  ['the callers of Ruby', 'lib/a.rb', "on = caller.any? { |one| one.include?('_spec.rb') }"],
  ['PHPUnit', 'src/A.php', "<?php\n$on = defined('PHPUNIT_COMPOSER_INSTALL');"],
  ['a class of PHPUnit', 'src/A.php', "<?php\n$on = class_exists('PHPUnit\\\\Framework\\\\TestCase', false);"],
];

test.each(ASKING)('%s is found (%s)', (_name, path, source) => {
  const last = source.split('\n').length;
  expect(askingLines(path, source).map(({ to }) => to)).toEqual(expect.arrayContaining([last]));
});

test.each(HONEST)('%s is honest (%s)', (_name, path, source) => {
  expect(askingLines(path, source)).toEqual([]);
});

test('each finding says what is asked, once a line', () => {
  const source = "const a = 1;\nconst on = typeof jest !== 'undefined' && typeof describe !== 'undefined';\n";
  expect(askingLines('src/a.js', source)).toEqual([{ line: 2, to: 2, asks: 'for a global of a test runner' }]);
});

test('a large source of repeated pieces is read in time that grows only with its length', async () => {
  const pieces = [
    'process.argv[1] = [[((',
    "${`'",
    'try { new Date() < ',
    '/proc/',
    'const a = process.env.',
    '${`${`{{',
  ];
  const read = (path: string) => pieces.map((one) => askingLines(path, one.repeat(20_000)));
  expect(await processorMs(() => ['src/a.js', 'src/a.py'].map(read))).toBeLessThan(20_000);
});
