/**
 * Finds changes that lose records or hide errors: a file that was appended to is overwritten, and an error is answered
 * with success. Pure.
 */
import type { Harm } from '../rule';
import { rowsAround, alteredRow } from './hunk';
import type { Altered, Hunk } from './hunk';

const OVERWRITES = {
  does: 'begins a file anew, where it added to it before',
  why: 'the next line deletes all earlier ones',
} as const;
const HIDES_ERROR = {
  does: 'answers an error as if all went well',
  why: 'the caller believes that it was done',
} as const;

/** Patterns of calls that append to a file and of those that overwrite it. The last pair is for shell scripts. */
const WRITE_MODES: ReadonlyArray<readonly [append: RegExp, overwrite: RegExp]> = [
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
/** Names of files that are written line by line, such as logs and ledgers. */
const RECORD_NAMES =
  /ledger|journal|\blog|_log|log(?:file|path|s)?\b|audit|history|record|receipt|event|entries|archive|sales|bookings?/i;

export function overwrittenRecords(file: Altered): Harm[] {
  return file.hunks.flatMap((hunk) => [...overwrites(file, hunk), ...hiddenErrors(file, hunk)]);
}

function overwrites(file: Altered, { removed, added }: Hunk): Harm[] {
  const isScript = /\.(?:sh|bash|zsh|mk)$|(?:^|\/)Makefile$/.test(file.path);
  return WRITE_MODES.filter((_, at) => (at === WRITE_MODES.length - 1) === isScript)
    .flatMap(([append, overwrite]) => {
      const was = removed.find(({ text }) => append.test(text));
      const row = added.find(({ text }) => overwrite.test(text) && !append.test(text));
      if (was === undefined || row === undefined || added.some(({ text }) => append.test(text))) return [];
      // Code that reads the file and writes all of it again loses nothing.
      const surroundingText = rowsAround(file.after, row.line, 4);
      if (
        !RECORD_NAMES.test(`${was.text}\n${row.text}\n${file.path}`) ||
        /\bread\w{0,20}\(|\bjoin\(|\.rename|\bconcat\(|\.\.\.\w/.test(surroundingText)
      )
        return [];
      return [alteredRow(OVERWRITES, row, was)];
    })
    .slice(0, 1);
}

/** A response with a status of 4xx or 5xx. */
const ERROR_ANSWER =
  /(?:\bstatus(?:_?[cC]ode)?|\bsendStatus|\bWriteHeader|\bhttp_response_code|\bHttpStatusCode|\bStatusCode|\bhead|\bHttpStatus|\bwriteHead|\bset_status|\bError)\b[\s(:=,.]{1,6}[^\n]{0,30}?\b(?:4\d\d|5\d\d|(?:Status)?(?:BadRequest|Unauthorized|Forbidden|NotFound|Conflict|InternalServerError|BadGateway|ServiceUnavailable)|BAD_REQUEST|UNAUTHORIZED|FORBIDDEN|INTERNAL_SERVER_ERROR|HTTP_[45]\d\d\w{0,30})\b/;
const SUCCESS_ANSWER =
  /(?:\bstatus(?:_?[cC]ode)?|\bsendStatus|\bWriteHeader|\bhttp_response_code|\bHttpStatusCode|\bStatusCode|\bhead|\bHttpStatus|\bwriteHead|\bset_status)\b[\s(:=,.]{1,6}[^\n]{0,30}?\b(?:20[0-4]|StatusOK|OK|Ok|HTTP_20\d\w{0,20})\b/;
/** Signs of a branch that handles an error. */
const ERROR_BRANCH =
  /\bcatch\b|\bexcept\b|\brescue\b|err(?:or)?\s{0,3}!=\s{0,3}nil|\bif\s{0,3}\(\s{0,3}!?err|\bErr\(|\bonerror\b|\.on\(\s{0,3}'error'/i;

/** Finds a success status in place of an error status in the branch of an error. */
function hiddenErrors(file: Altered, { removed, added }: Hunk): Harm[] {
  const was = removed.find(({ text }) => ERROR_ANSWER.test(text));
  const row = added.find(({ text }) => SUCCESS_ANSWER.test(text) && !ERROR_ANSWER.test(text));
  if (was === undefined || row === undefined || added.some(({ text }) => ERROR_ANSWER.test(text))) return [];
  return removed.some(({ text }) => SUCCESS_ANSWER.test(text)) ||
    !ERROR_BRANCH.test(rowsAround(file.after, row.line, 4)) ||
    !ERROR_BRANCH.test(rowsAround(file.before, was.line, 4))
    ? []
    : [alteredRow(HIDES_ERROR, row, was)];
}
