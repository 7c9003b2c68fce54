/**
 * What a change does to what was written down and told: a ledger that was added to is begun anew, and an error is answered as if all
 * went well. Pure.
 */
import type { Harm } from '../rule';
import { near, worse } from './hunk';
import type { Altered, Hunk } from './hunk';

const BEGUN_ANEW = {
  does: 'begins a file anew that it added to',
  why: 'what was written down before is gone with the next line',
} as const;
const SAYS_WELL = {
  does: 'answers an error as if all went well',
  why: 'who asked believes that it was done',
} as const;

/** To add, and to begin anew, in the words of one language. */
const MODES: ReadonlyArray<readonly [adds: RegExp, anew: RegExp]> = [
  [/\bappendFile(?:Sync)?\s{0,3}\(/, /\bwriteFile(?:Sync)?\s{0,3}\((?![^\n]{0,200}flag\w?['"]?\s{0,3}:\s{0,3}'a)/],
  [
    /\bflags?['"]?\s{0,3}:\s{0,3}'a/,
    /\bflags?['"]?\s{0,3}:\s{0,3}'w|\b(?:writeFile(?:Sync)?|createWriteStream)\((?![^\n]{0,200}'a)/,
  ],
  [
    /\bopen(?:Sync)?\s{0,3}\([^\n]{0,200}'a[b+]{0,2}t?'/,
    /\bopen(?:Sync)?\s{0,3}\([^\n]{0,200}'w[b+]{0,2}t?'|\bwrite_(?:text|bytes)\(/,
  ],
  [/\bos\.O_APPEND\b/, /\bos\.(?:O_TRUNC|Create|WriteFile)\b/],
  [/\.append\(\s{0,3}true\s{0,3}\)/, /\.truncate\(\s{0,3}true\s{0,3}\)|\bFile::create\(|\bfs::write\(/],
  [
    /\bnew\s{1,3}File(?:Writer|OutputStream)\([^\n]{0,160},\s{0,3}true\s{0,3}\)/,
    /\bnew\s{1,3}File(?:Writer|OutputStream)\((?![^\n]{0,160},\s{0,3}true\s{0,3}\))/,
  ],
  [
    /\bStandardOpenOption\.APPEND\b/,
    /\bStandardOpenOption\.TRUNCATE_EXISTING\b|\bFiles\.(?:write|writeString|newBufferedWriter)\((?![^\n]{0,200}APPEND)/,
  ],
  [/\.appendText\(|\.appendBytes\(/, /\.writeText\(|\.writeBytes\(/],
  [
    /\bFile\.Append(?:All\w{1,12}|Text)\b|\bFileMode\.Append\b/,
    /\bFile\.(?:WriteAll\w{1,12}|Create\w{0,5})\b|\bFileMode\.(?:Create|Truncate)\b/,
  ],
  [/\bFILE_APPEND\b/, /\bfile_put_contents\((?![^\n]{0,200}FILE_APPEND)/],
  [/\bfopen\([^\n]{0,160}'a[b+]{0,2}'/, /\bfopen\([^\n]{0,160}'w[b+]{0,2}'/],
  [
    /\bFile\.(?:open|write|new)\([^\n]{0,160}'a[b+]{0,2}'/,
    /\bFile\.(?:open|new)\([^\n]{0,160}'w[b+]{0,2}'|\bFile\.write\((?![^\n]{0,160}'a)/,
  ],
  [/(?<![>&\d])>>\s{0,3}["$\w./]/, /(?<![>&\d-])>(?![>&])\s{0,3}["$\w./]/],
];
/** What is kept line by line. */
const KEPT =
  /ledger|journal|\blog|_log|log(?:file|path|s)?\b|audit|history|record|receipt|event|entries|archive|sales|bookings?/i;

export function writtenAnew(file: Altered): Harm[] {
  return file.hunks.flatMap((hunk) => [...begunAnew(file, hunk), ...saysWell(file, hunk)]);
}

function begunAnew(file: Altered, { removed, added }: Hunk): Harm[] {
  const isScript = /\.(?:sh|bash|zsh|mk)$|(?:^|\/)Makefile$/.test(file.path);
  return MODES.filter((_, at) => (at === MODES.length - 1) === isScript)
    .flatMap(([adds, anew]) => {
      const was = removed.find(({ text }) => adds.test(text));
      const row = added.find(({ text }) => anew.test(text) && !adds.test(text));
      if (was === undefined || row === undefined || added.some(({ text }) => adds.test(text))) return [];
      // The whole may be read and written again.
      const around = near(file.after, row.line, 4);
      if (
        !KEPT.test(`${was.text}\n${row.text}\n${file.path}`) ||
        /\bread\w{0,20}\(|\bjoin\(|\.rename|\bconcat\(|\.\.\.\w/.test(around)
      )
        return [];
      return [worse(BEGUN_ANEW, row, was)];
    })
    .slice(0, 1);
}

const ERROR_ANSWER =
  /(?:\bstatus(?:_?[cC]ode)?|\bsendStatus|\bWriteHeader|\bhttp_response_code|\bHttpStatusCode|\bStatusCode|\bhead|\bHttpStatus|\bwriteHead|\bset_status|\bError)\b[\s(:=,.]{1,6}[^\n]{0,30}?\b(?:4\d\d|5\d\d|(?:Status)?(?:BadRequest|Unauthorized|Forbidden|NotFound|Conflict|InternalServerError|BadGateway|ServiceUnavailable)|BAD_REQUEST|UNAUTHORIZED|FORBIDDEN|INTERNAL_SERVER_ERROR|HTTP_[45]\d\d\w{0,30})\b/;
const GOOD_ANSWER =
  /(?:\bstatus(?:_?[cC]ode)?|\bsendStatus|\bWriteHeader|\bhttp_response_code|\bHttpStatusCode|\bStatusCode|\bhead|\bHttpStatus|\bwriteHead|\bset_status)\b[\s(:=,.]{1,6}[^\n]{0,30}?\b(?:20[0-4]|StatusOK|OK|Ok|HTTP_20\d\w{0,20})\b/;
const IN_ERROR =
  /\bcatch\b|\bexcept\b|\brescue\b|err(?:or)?\s{0,3}!=\s{0,3}nil|\bif\s{0,3}\(\s{0,3}!?err|\bErr\(|\bonerror\b|\.on\(\s{0,3}'error'/i;

/** In the branch of an error. */
function saysWell(file: Altered, { removed, added }: Hunk): Harm[] {
  const was = removed.find(({ text }) => ERROR_ANSWER.test(text));
  const row = added.find(({ text }) => GOOD_ANSWER.test(text) && !ERROR_ANSWER.test(text));
  if (was === undefined || row === undefined || added.some(({ text }) => ERROR_ANSWER.test(text))) return [];
  return removed.some(({ text }) => GOOD_ANSWER.test(text)) ||
    !IN_ERROR.test(near(file.after, row.line, 4)) ||
    !IN_ERROR.test(near(file.before, was.line, 4))
    ? []
    : [worse(SAYS_WELL, row, was)];
}
