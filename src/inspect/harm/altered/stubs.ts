/**
 * Finds programs that a change empties: a script that still reports success without its commands, and a function with
 * the body "not implemented". Pure.
 */
import type { Harm } from '../rule';
import { alteredRow } from './hunk';
import type { Altered, Row } from './hunk';

const SCRIPT = /\.(?:sh|bash|zsh|ksh)$|(^|\/)(?:bin|scripts?)\/[^./]+$/;
/** Matches a row whose command does no work: output, assignments, control flow. */
const IDLE =
  /^(?:#|$|(?:echo|printf|touch|true|false|:|exit|return|set|shopt|date|sleep|mkdir|cd|pwd|export|readonly|local|declare|umask|trap|source|\.|exec\s+\d|log|info|say|ok|success|fi|done|esac|then|else|do|if|elif|for|while|case|function|\{|\}|\(|\)|;;)(?![\w-])|\[|\w+=(?!\$\()|\w+\s{0,3}\(\)\s{0,3}\{?$|[)}\]]|\*\))/;
/** Work inside such a row: a substitution, or a command after `&&` or `|`. */
const WORK_INSIDE =
  /\$\(\s{0,3}(?!date|basename|dirname|cd|pwd|echo|printf|mktemp)\w|&&\s{0,3}(?!echo|exit|true|printf|cd|pwd)\w|\|\s{0,3}(?!tee|echo|cat)\w/;
const REPORTS_SUCCESS = /^\s{0,40}(?:echo|printf|log|info|say|ok|success)\b|^\s{0,40}touch\b/;

export function emptiedScripts({ path, before, after, hunks }: Altered): Harm[] {
  if (!SCRIPT.test(path)) return [];
  if (!before.some(doesWork) || after.some(doesWork)) return [];
  const reportIndex = after.findIndex((row) => REPORTS_SUCCESS.test(row));
  const removedWork = hunks.flatMap(({ removed }) => removed).find(({ text }) => doesWork(text));
  if (reportIndex === -1 || removedWork === undefined) return [];
  const row = { line: reportIndex + 1, text: after[reportIndex] ?? '' };
  return [
    alteredRow(
      {
        does: 'says that it was done, and no command of the script does it now',
        why: 'the script reports work that does not happen',
      },
      row,
      removedWork,
    ),
  ];
}

function doesWork(row: string): boolean {
  const bare = row.trim();
  return bare !== '' && (!IDLE.test(bare) || WORK_INSIDE.test(bare));
}

const STUB =
  /\b(?:todo|unimplemented)!\s{0,3}\(|\braise\s+NotImplementedError\b|\bthrow\s+new\s+(?:\w{0,20}Error|\w{0,30}Exception)\(\s{0,9}'[^']{0,40}(?:not (?:yet )?implemented|unimplemented|todo|implement me|coming soon|stub)|\bpanic\(\s{0,9}'[^']{0,40}(?:not (?:yet )?implemented|unimplemented|todo|implement me)|\bnew\s+(?:NotImplementedException|NotImplementedError)\(|\bTODO\(|\bfatalError\(\s{0,9}'[^']{0,40}(?:not (?:yet )?implemented|todo)/i;

/** Finds a stub in place of working code. unfinished.ts reports stubs of new branches. */
export function emptiedFunctions({ hunks }: Altered): Harm[] {
  return hunks.flatMap(({ removed, added }) => {
    const row = added.find(({ text }) => STUB.test(text));
    const was = removed.find(isWork);
    if (row === undefined || was === undefined || removed.some(({ text }) => STUB.test(text))) return [];
    // If there is more work than before, the stub is one branch of it.
    return added.filter(isWork).length > removed.filter(isWork).length
      ? []
      : [
          alteredRow(
            {
              does: 'says that it is not implemented where work was done',
              why: 'its caller gets an error, where it got a result before',
            },
            row,
            was,
          ),
        ];
  });
}

function isWork({ text }: Row): boolean {
  return (
    /\w\s{0,3}[-+*/|&.]?=[^=>]|\breturn\s+\S|\w\(.*\)|\.\w/.test(text) &&
    !STUB.test(text) &&
    !/^\s{0,40}(?:\/\/|#|\*|'|@|(?:async\s+)?(?:def|function|func|fn|class)\b|(?:public|private)\b)/.test(text)
  );
}
