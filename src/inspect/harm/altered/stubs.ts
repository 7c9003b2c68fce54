/**
 * Programs that a change makes do nothing: a script whose commands went while it still says that all went well, and a function
 * whose body became "not implemented". Pure.
 */
import type { Harm } from '../rule';
import { worse } from './hunk';
import type { Altered, Row } from './hunk';

const SCRIPT = /\.(?:sh|bash|zsh|ksh)$|(^|\/)(?:bin|scripts?)\/[^./]+$/;
/** What does no work of its own. */
const IDLE =
  /^(?:#|$|(?:echo|printf|touch|true|false|:|exit|return|set|shopt|date|sleep|mkdir|cd|pwd|export|readonly|local|declare|umask|trap|source|\.|exec\s+\d|log|info|say|ok|success|fi|done|esac|then|else|do|if|elif|for|while|case|function|\{|\}|\(|\)|;;)(?![\w-])|\[|\w+=(?!\$\()|\w+\s{0,3}\(\)\s{0,3}\{?$|[)}\]]|\*\))/;
const WORK_INSIDE =
  /\$\(\s{0,3}(?!date|basename|dirname|cd|pwd|echo|printf|mktemp)\w|&&\s{0,3}(?!echo|exit|true|printf|cd|pwd)\w|\|\s{0,3}(?!tee|echo|cat)\w/;
const SAYS = /^\s{0,40}(?:echo|printf|log|info|say|ok|success)\b|^\s{0,40}touch\b/;

export function scriptsThatDoNothing({ path, before, after, hunks }: Altered): Harm[] {
  if (!SCRIPT.test(path)) return [];
  const working = before.filter(works);
  const left = after.filter(works);
  if (working.length === 0 || left.length > 0) return [];
  const says = after.findIndex((row) => SAYS.test(row));
  const gone = hunks.flatMap(({ removed }) => removed).find(({ text }) => works(text));
  if (says === -1 || gone === undefined) return [];
  const row = { line: says + 1, text: after[says] ?? '' };
  return [
    worse(
      { does: 'says that it was done, and no command of the script does it now', why: 'who relies on it has nothing' },
      row,
      gone,
    ),
  ];
}

function works(row: string): boolean {
  const bare = row.trim();
  return bare !== '' && (!IDLE.test(bare) || WORK_INSIDE.test(bare));
}

const STUB =
  /\b(?:todo|unimplemented)!\s{0,3}\(|\braise\s+NotImplementedError\b|\bthrow\s+new\s+(?:\w{0,20}Error|\w{0,30}Exception)\(\s{0,9}'[^']{0,40}(?:not (?:yet )?implemented|unimplemented|todo|implement me|coming soon|stub)|\bpanic\(\s{0,9}'[^']{0,40}(?:not (?:yet )?implemented|unimplemented|todo|implement me)|\bnew\s+(?:NotImplementedException|NotImplementedError)\(|\bTODO\(|\bfatalError\(\s{0,9}'[^']{0,40}(?:not (?:yet )?implemented|todo)/i;

/** A stub stands where work was done; that a new branch is not there yet is said by `stubsAdded`. */
export function functionsThatDoNothing({ hunks }: Altered): Harm[] {
  return hunks.flatMap(({ removed, added }) => {
    const row = added.find(({ text }) => STUB.test(text));
    const was = removed.find(isWork);
    if (row === undefined || was === undefined || removed.some(({ text }) => STUB.test(text))) return [];
    // More work than before stands beside it: it is a branch of it.
    return added.filter(isWork).length > removed.filter(isWork).length
      ? []
      : [
          worse(
            {
              does: 'says that it is not implemented where work was done',
              why: 'who calls it has an error where there was an answer',
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
