/**
 * Rules for code that is run from text: a reviewer cannot read what runs, and an attacker may control the text. Pure.
 */
import type { HarmRule } from './rule';

const RUNS_TEXT = { does: 'runs text as code', why: 'nobody can read in the source what runs' } as const;
const SHELL = {
  does: 'gives a shell a command that is built from parts',
  why: 'a part may end the command and begin another one',
} as const;
const UNSAFE_FORMAT = {
  does: 'reads data in a form that can run code',
  why: 'the author of the data decides what runs',
} as const;
/** The bracket before an argument that is not a single literal. */
const BUILT_ARGUMENT = `\\(\\s{0,20}(?!'[^']{0,2000}'\\s{0,20}[,)])(?!\\))`;

export const RUN_TEXT: readonly HarmRule[] = [
  {
    ...{ ...RUNS_TEXT, after: 'eslint-plugin-security detect-eval-with-expression', in: ['script'] },
    pattern:
      /(?<![\w$.])(?<!function )(?:(?:globalThis|window|global|self)\.)?eval\s{0,3}\(|\(\s{0,3}0\s{0,3},\s{0,3}eval\s{0,3}\)|\bnew\s{1,9}Function\s{0,3}\(|(?<![\w$.])Function\s{0,3}\(\s{0,9}'|\[\s{0,3}'(?:eval|Function)'\s{0,3}\]|\.constructor\s{0,3}\(\s{0,9}'|\.constructor\.constructor\b/g,
  },
  {
    ...{ ...RUNS_TEXT, in: ['script'] },
    pattern:
      /\bvm\.(?:runIn\w{0,20}Context|compileFunction|Script)\s{0,3}\(|(?<![\w$.])runIn(?:This|New)?Context\s{0,3}\(/g,
  },
  { ...{ ...RUNS_TEXT, in: ['script'] }, pattern: /(?<![\w$.])set(?:Timeout|Interval)\s{0,3}\(\s{0,9}'/g },
  {
    ...{ ...RUNS_TEXT, in: ['script', 'python'] },
    pattern:
      /(?<![\w$.])(?:require|import|__import__|importlib\.import_module|import_module)\s{0,3}\(\s{0,9}(?:atob|Buffer\.from|bytes\.fromhex|base64\.|codecs\.|binascii\.)/g,
  },
  {
    ...{ ...RUNS_TEXT, after: 'bandit B102 and B307', in: ['python'] },
    pattern:
      /(?<![\w.])(?<!def )(?:(?:builtins|__builtins__)\.)?(?:exec|eval)\s{0,3}\(|(?<![\w.])compile\([^()\n]{0,200}'(?:exec|eval|single)'|\bgetattr\(\s{0,9}(?:builtins|__builtins__)\b/g,
  },
  {
    does: 'hides a text from its reader',
    why: 'nobody can read what the text says',
    pattern: /\bcodecs\.(?:decode|encode)\([^;\n]{0,200}'rot_?13'/g,
    in: ['python'],
  },
  {
    ...{ ...UNSAFE_FORMAT, after: 'bandit B301 and B302', in: ['python'] },
    pattern: /(?<![\w.])(?:c?[pP]ickle|dill|cloudpickle|marshal|jsonpickle)\.(?:loads?|decode|Unpickler)\s{0,3}\(/g,
  },
  {
    ...{ ...UNSAFE_FORMAT, after: 'bandit B506', in: ['python'] },
    pattern:
      /\byaml\.(?:(?:load|load_all)\((?![^\n]{0,200}(?:Safe|safe|Base)_?[lL]oader)|unsafe_load|load\([^\n]{0,200}UnsafeLoader)/g,
  },
  {
    ...{ ...SHELL, after: 'bandit B602 and B605', in: ['python'] },
    pattern: new RegExp(
      `\\b(?:os\\.(?:system|popen)|subprocess\\.(?:getoutput|getstatusoutput)|asyncio\\.create_subprocess_shell)${BUILT_ARGUMENT}`,
      'g',
    ),
  },
  {
    ...{ ...SHELL, after: 'bandit B602', in: ['python'] },
    pattern: new RegExp(
      `\\b(?:subprocess\\.)?(?:run|call|check_call|check_output|Popen)${BUILT_ARGUMENT}(?:[^;()]|\\([^()]{0,200}\\)){0,300}?\\bshell\\s{0,3}=\\s{0,3}True\\b`,
      'g',
    ),
  },
  {
    ...{ ...SHELL, after: 'eslint-plugin-security detect-child-process', in: ['script'], beside: /child_process/ },
    pattern: new RegExp(
      `(?<![\\w$.])(?<!function )(?:(?:child_process|childProcess|cp)\\.)?(?:exec|execSync|execAsync|execP|execPromise)\\s{0,3}${BUILT_ARGUMENT}`,
      'g',
    ),
  },
  {
    ...{ ...SHELL, after: 'gosec G204' },
    pattern:
      /\b(?:exec\.Command(?:Context)?|spawn(?:Sync)?|execFile(?:Sync)?|execa|ProcessBuilder|run|Popen|call|check_output)\(\s{0,20}(?:ctx\s{0,3},\s{0,3})?\[?\s{0,20}'(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh'\s{0,20},\s{0,20}\[?\s{0,20}'-l?c'\s{0,20},\s{0,20}(?!'[^']{0,2000}'\s{0,20}[\]),])/g,
  },
  {
    ...{ ...SHELL, in: ['rust'] },
    pattern:
      /\bCommand::new\(\s{0,9}'(?:\/bin\/)?(?:ba|z)?sh'\s{0,9}\)\s{0,40}\.arg\(\s{0,9}'-c'\s{0,9}\)\s{0,40}\.arg\(\s{0,9}(?!'[^']{0,2000}'\s{0,9}\))/g,
  },
  { ...{ ...RUNS_TEXT, in: ['ruby'] }, pattern: /(?<![\w.:])(?<!def )eval[ (](?!\s{0,3}do\b)/g },
  { ...{ ...UNSAFE_FORMAT, in: ['ruby'] }, pattern: /\bMarshal\.(?:load|restore)\b|\bYAML\.unsafe_load\b/g },
  {
    ...{ ...RUNS_TEXT, in: ['php'] },
    pattern: /(?<![\w>$:\\])(?<!function )(?:eval|create_function)\s{0,3}\(|(?<![\w>$:])assert\s{0,3}\(\s{0,9}'/g,
  },
  {
    ...{ ...UNSAFE_FORMAT, in: ['php'] },
    pattern: /(?<![\w>$:])unserialize\s{0,3}\((?![^;\n]{0,200}allowed_classes)/g,
  },
  {
    ...{ ...SHELL, in: ['php'] },
    pattern: new RegExp(
      `(?<![\\w>$:\\\\])(?<!function )(?:shell_exec|system|passthru|exec|popen|proc_open)\\s{0,3}${BUILT_ARGUMENT}`,
      'g',
    ),
  },
  {
    ...{ ...RUNS_TEXT, in: ['braces'] },
    pattern:
      /\bnew\s{1,9}ScriptEngineManager\b|\bgetEngineByName\s{0,3}\(|\bplugin\.Open\s{0,3}\(|\bCSharpScript\.(?:EvaluateAsync|RunAsync)\b|\bnew\s{1,9}GroovyShell\b|(?<![\w.])defineClass\s{0,3}\(/g,
  },
  {
    ...{ ...UNSAFE_FORMAT, in: ['braces'], isNote: true },
    pattern: /\bnew\s{1,9}(?:ObjectInputStream|XMLDecoder)\s{0,3}\(|\bBinaryFormatter\b/g,
  },
  {
    ...{ ...SHELL, in: ['braces'] },
    pattern: new RegExp(`\\bgetRuntime\\(\\)\\.exec${BUILT_ARGUMENT}[^;\\n]{0,100}\\+`, 'g'),
  },
];
