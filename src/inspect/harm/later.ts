/**
 * Rules for code whose effects come after the tests have ended: at the exit of the process, or by a timer that starts when a file is
 * loaded. Pure.
 */
import type { CodeView } from '../asks/code-view';
import { DESTROYS, TEMPORARY_DATA } from './rule';
import type { HarmRule, Match } from './rule';

const AT_EXIT = {
  does: 'deletes or rewrites files when the process ends',
  why: 'no test sees what happens then',
} as const;
const BY_TIMER = {
  does: 'begins a timer or a thread when the file is loaded',
  why: 'no test waits for what it does later',
} as const;
const MAX_STATEMENT_CHARS = 400;

export const LATER: readonly HarmRule[] = [
  {
    ...{ ...AT_EXIT, in: ['python'] },
    pattern: /\batexit\.register\(|(?<![^\n])@atexit\.register\b/g,
    holds: destroys,
  },
  {
    ...{ ...AT_EXIT, in: ['script'] },
    pattern: /\bprocess\.(?:on|once|addListener|prependListener)\(\s{0,9}'(?:exit|beforeExit|SIG\w{2,6}|disconnect)'/g,
    holds: destroys,
  },
  {
    ...{ ...AT_EXIT, in: ['php', 'ruby', 'braces'] },
    pattern: /\bregister_shutdown_function\(|(?<![\w.])at_exit\b|\baddShutdownHook\(|\bruntime\.SetFinalizer\(/g,
    holds: destroys,
  },
  {
    ...{ ...BY_TIMER, in: ['script'] },
    pattern:
      /(?<![^\n])(?:(?:export\s{1,9})?(?:const|let|var)\s{1,9}[\w$]{1,40}\s{0,9}=\s{0,9}|void\s{1,9})?set(?:Timeout|Interval)\s{0,3}\(/g,
  },
  {
    ...{ ...BY_TIMER, in: ['python'] },
    pattern:
      /(?<![^\n])(?:\w{1,40}(?:\s{0,3}:\s{0,3}[\w.]{1,40})?\s{0,9}=\s{0,9})?(?:threading\.|multiprocessing\.)?(?:Timer|Thread|Process)\s{0,3}\((?=[^\n]{0,200})/g,
    beside: /\b(?:threading|multiprocessing)\b/,
  },
  {
    ...{ ...BY_TIMER, in: ['python'] },
    pattern: /(?<![^\n])(?:signal\.(?:alarm|setitimer)\(|\w{1,40}\s{0,9}=\s{0,9}sched\.scheduler\()/g,
  },
  {
    ...{ ...BY_TIMER, in: ['braces'] },
    pattern:
      /(?<![^\n])var\s[^\n]{0,120}\btime\.(?:AfterFunc|NewTimer|NewTicker)\(|(?<![^\n])func init\(\)\s{0,9}\{[^}]{0,600}?(?:\bgo\s{1,9}(?:func\b|\w)|\btime\.AfterFunc\()|\bstatic\s{0,9}\{[^}]{0,400}?(?:\bnew\s{1,9}(?:java\.util\.)?(?:Timer|Thread)\(|\.schedule\w{0,20}\()/g,
  },
  { ...{ ...BY_TIMER, in: ['ruby'] }, pattern: /(?<![^\n])(?:\w{1,40}\s{0,9}=\s{0,9})?Thread\.new\b/g },
  {
    does: 'deletes files when it is loaded',
    why: 'code that only loads the file deletes them',
    pattern:
      /(?<![^\n])(?:shutil\.rmtree|os\.(?:remove|unlink|removedirs)|fs\.(?:rm|unlink|rmdir)(?:Sync)?|(?:rm|unlink|rmdir)Sync)\s{0,3}\(([^\n]{0,200})/g,
    holds: (_, { text: found }) => !TEMPORARY_DATA.test(found),
  },
];

/** True if the registered function deletes or writes files that are not temporary. */
function destroys({ text }: CodeView, { index }: Match): boolean {
  const near = text.slice(index, index + MAX_STATEMENT_CHARS);
  const statement = near.slice(0, statementEnd(near));
  const names = (statement.match(/[A-Za-z_$][\w$]{2,60}/g) ?? []).slice(0, 20);
  const bodies = names.flatMap((name) => bodyOf(text, name));
  return [statement, ...bodies].some((one) => DESTROYS.test(one) && !TEMPORARY_DATA.test(one));
}

/** Returns the index at which all brackets are closed. The statement of a decorator includes the function below it. */
function statementEnd(near: string): number {
  let depth = 0;
  if (/^@|^[\w.]+\s+do\b/.test(near)) return near.length;
  for (let at = 0; at < near.length; at++) {
    if ('({['.includes(near[at] ?? '')) depth += 1;
    else if (')}]'.includes(near[at] ?? '')) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return near.length;
}

function bodyOf(text: string, name: string): string[] {
  const safe = name.replaceAll('$', '\\$');
  const found = new RegExp(
    `(?:\\bdef\\s{1,9}${safe}\\s{0,3}\\(|\\bfunction\\s{1,9}${safe}\\s{0,3}\\(|\\b(?:const|let|var)\\s{1,9}${safe}\\s{0,9}=\\s{0,9}(?:async\\s{1,9})?(?:function\\b|\\())`,
  ).exec(text);
  if (found === null) return [];
  const body = text.slice(found.index, found.index + MAX_STATEMENT_CHARS * 2);
  // The body ends at the next unindented line that closes no bracket.
  const end = body.slice(1).search(/\n(?=[^\s})\]])/);
  return [end === -1 ? body : body.slice(0, end + 1)];
}
