/**
 * Rules for actions on the machine that runs the tests or scripts: git hooks, shell start files, keys, scheduled jobs,
 * publishing, global installation. They apply to tests, too. Pure.
 */
import type { Harm, HarmRule } from './rule';

const WHY = 'it changes the machine of everybody who only runs the tests or the program';
const HOOKS = { does: 'changes the hooks of git', why: WHY } as const;
const START_FILES = { does: 'writes where the machine starts programs or keeps keys', why: WHY } as const;
const PUBLISHES = { does: 'publishes or pushes', why: 'what is published cannot be taken back' } as const;
const INSTALLS_GLOBALLY = { does: 'installs a program for the whole machine', why: WHY } as const;

/** Files and folders of a machine that start programs or hold keys. */
const PLACE = String.raw`(?:\.git\/hooks\/?|\.git['"]?\s{0,3},\s{0,3}['"]hooks|\.(?:bashrc|zshrc|bash_profile|zprofile|profile|bash_login)\b|\.ssh(?:\/|['"])|\bauthorized_keys\b|\.(?:npmrc|pypirc|gitconfig|netrc)\b|\/etc\/(?:cron|profile|systemd|hosts|sudoers|ld\.so|passwd)\w{0,12}|LaunchAgents\b|LaunchDaemons\b|\.config\/(?:autostart|systemd)\b|\bsitecustomize\.py|usercustomize\.py)`;
/** Signs that a path is in the home folder, `/etc` or the repository's `.git`. */
const HOME = String.raw`(?:~|\$\{?HOME\}?|homedir\(\)|Path\.home\(\)|expanduser|UserHomeDir|user\.home|home_dir\(\)|\/etc\/|\.git\b|LaunchAgents|\.ssh)`;
/** Words for calls and commands that change files. */
const WRITES =
  /\b(?:write\w{0,12}|Write\w{0,12}|append\w{0,12}|copy\w{0,12}|cp\w{0,8}|symlink\w{0,8}|link\w{0,5}|chmod\w{0,5}|install|tee|mkdir\w{0,5}|move|rename\w{0,5}|OpenFile|Create|file_put_contents|cat|ln|mv|echo|printf|unlink\w{0,5}|rm\w{0,5})\b|>>?|['"][aw]b?\+?['"]/;
/** The start of a call that runs a command. */
const RUNS =
  /\b(?:exec\w{0,12}|spawn\w{0,8}|run\w{0,6}|system|popen|Popen|call|check_call|check_output|Command\w{0,8}|execa|sh|shell_exec|passthru|\$)\s{0,3}[.(`[!]|`/;
const COMMANDS: ReadonlyArray<readonly [Pick<HarmRule, 'does' | 'why'>, RegExp]> = [
  [HOOKS, /\bgit\b.{0,40}\bconfig\b.{0,40}\bcore\.hooksPath\b/i],
  [
    START_FILES,
    /\bcrontab\b(?!\s{0,3}-l)|\bsystemctl\b.{0,20}\benable\b|\blaunchctl\b.{0,12}\bload\b|\bschtasks\b.{0,20}\/create|\bssh-copy-id\b|\bgit\b.{0,20}\bconfig\b.{0,20}--(?:global|system)\b/i,
  ],
  [
    PUBLISHES,
    /\b(?:npm|pnpm|yarn|cargo|poetry|flit|hatch|uv)\b['",\s]{1,6}publish\b|\btwine\b['",\s]{1,6}upload\b|\bgem\b['",\s]{1,6}push\b|\bdocker\b['",\s]{1,6}push\b|\bgit\b['",\s]{1,6}push\b|\bgh\b['",\s]{1,6}(?:release|pr)\b['",\s]{1,6}create\b|\bdotnet\b['",\s]{1,6}nuget\b['",\s]{1,6}push\b|\bmvn\b['",\s]{1,6}deploy\b/,
  ],
  [
    INSTALLS_GLOBALLY,
    /\b(?:npm|pnpm)\b['",\s]{1,6}(?:i|install|add)\b[^\n]{0,60}['"\s](?:-g|--global)\b|\byarn\b['",\s]{1,6}global\b['",\s]{1,6}add\b|\bpip3?\b['",\s]{1,6}install\b[^\n]{0,60}--break-system-packages|\bbrew\b['",\s]{1,6}install\b|\bapt(?:-get)?\b['",\s]{1,6}install\b/,
  ],
];
/** Names of files, make targets and functions whose purpose is to change the machine or to publish. */
const INTENDED_NAME =
  /release|publish|deploy|ship|provision|bootstrap|hooks?[.-]?(?:setup|install)|install[.-]?hooks?|setup[.-]?dev|husky|lefthook|(?:^|\/)install\.\w+$/i;
/** Signs that the action takes place in a temporary folder of a test, or is simulated. */
const TEST_PLACE =
  /\bcwd\b|\bt(?:e?mp|empdir)\w{0,20}\b|mkdtemp|tmp_?path|TempDir|TMPDIR|fixture|sandbox|\bremote\b|\bbare\b|-C['",\s]{1,6}|dry[-_]?run|\.current_dir\(|\bdir\s{0,3}[:=]|\bmock|\bfake|\bstub/i;
const ASSERTS = /\bexpect\b|\bassert/i;
const PLACE_WRITTEN = new RegExp(PLACE);
const AT_HOME = new RegExp(HOME);
const MAX_ROW_CHARS = 300;
const MAX_ROWS_ABOVE = 40;
const MAX_HARMS = 20;

/** Reads the rows of a source, a test or a script without its comments. `isScript`: each row is a command. */
export function onTheMachine(path: string, rows: readonly string[], isScript: boolean): Harm[] {
  if (INTENDED_NAME.test(path)) return [];
  return rows
    .flatMap((text, index): Harm[] => {
      const row = text.slice(0, MAX_ROW_CHARS);
      if (!QUICK_CHECK.test(row) || isIntended(rows, index)) return [];
      const context = rows
        .slice(Math.max(0, index - 3), index + 3)
        .join('\n')
        .slice(0, MAX_ROW_CHARS * 7);
      if (TEST_PLACE.test(context) || ASSERTS.test(row)) return [];
      const found = commandIn(row, { context, isScript }) ?? placeIn(row, context);
      return found === undefined ? [] : [{ ...found, line: index + 1, to: index + 1, isNote: false }];
    })
    .slice(0, MAX_HARMS);
}

/** A cheap first check: rows without one of these words are skipped. Most rows have none. */
const QUICK_CHECK = new RegExp(
  `${PLACE}|publish|push|upload|hooksPath|crontab|systemctl|launchctl|schtasks|ssh-copy-id|--global|--system|install|deploy|global|create`,
);
/** True if the name of the package.json script, make target or function around the row says that this is its purpose. */
function isIntended(rows: readonly string[], index: number): boolean {
  const [, key] = /^\s{0,20}"([\w:-]{1,40})"\s{0,3}:/.exec(rows[index] ?? '') ?? [];
  if (key !== undefined) return INTENDED_NAME.test(key);
  for (let at = index; at >= Math.max(0, index - MAX_ROWS_ABOVE); at -= 1) {
    const [, name] =
      /^(?:(?:async\s|export\s|function\s|def\s){0,3})([\w.-]{1,40})\s{0,3}(?:\([^)]{0,80}\)[^{:]{0,40}[{:]|:(?!=))/.exec(
        rows[at] ?? '',
      ) ?? [];
    if (name !== undefined) return INTENDED_NAME.test(name);
  }
  return false;
}

function commandIn(
  row: string,
  { context, isScript }: { context: string; isScript: boolean },
): Pick<Harm, 'does' | 'why'> | undefined {
  const command = COMMANDS.find(([, pattern]) => pattern.test(row));
  if (
    command === undefined ||
    /^\s{0,40}["']?[@-]?\s{0,3}(?:echo|printf|#|help|usage)\b|\b(?:console\.\w+|print\w{0,3}|log\w{0,6}\.\w+|puts|Error|error|warn)\s{0,3}\(/i.test(
      row,
    )
  )
    return undefined;
  return isScript || RUNS.test(context) ? command[0] : undefined;
}

function placeIn(row: string, context: string): Pick<Harm, 'does' | 'why'> | undefined {
  if (!PLACE_WRITTEN.test(row) || !AT_HOME.test(context) || !WRITES.test(context)) return undefined;
  if (/\b(?:read\w{0,12}|exists\w{0,6}|stat)\s{0,3}\(/.test(row) && !WRITES.test(row)) return undefined;
  return /hooks/.test(row) ? HOOKS : START_FILES;
}

/** Removes comment rows from a text in any language. */
export function rowsWithoutComments(text: string): string[] {
  return text.split('\n').map((row) => row.replace(/^\s{0,80}(?:#(?!!)|\/\/|\*|\/\*).*$/, ''));
}
