/**
 * Finds functions that claim to write a file and only open it: the file then exists and is empty. An empty file that
 * marks something, such as a lock file, is not reported. Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import type { ReadFunction } from './functions';
import type { Harm } from './rule';

/** The arguments of a call, with at most one level of inner brackets. */
const ARGS = String.raw`(?:[^()\n;]|\([^()\n;]{0,80}\)){0,160}?`;
/** Calls that open a file to write it. */
const OPEN_CALLS: Readonly<Record<Syntax, RegExp>> = {
  script: new RegExp(
    String.raw`\b(?:(?:fs|promises|fsp)\.){0,2}(?:openSync|open)\(${ARGS},\s{0,3}'(?:w|a|wx|ax)\+?'${ARGS}\)|\b(?:fs\.)?createWriteStream\(${ARGS}\)`,
    'g',
  ),
  python: new RegExp(
    String.raw`(?<![\w.])(?:io\.)?open\(${ARGS},\s{0,3}(?:mode\s{0,3}=\s{0,3})?'[wax]b?\+?t?'${ARGS}\)|[\w.)]{1,60}\.open\(\s{0,3}(?:mode\s{0,3}=\s{0,3})?'[wax]b?\+?t?'${ARGS}\)`,
    'g',
  ),
  rust: new RegExp(
    String.raw`\b(?:std::)?(?:fs::)?File::(?:create|create_new)\(${ARGS}\)|\bOpenOptions::new\(\)(?:\s{0,40}\.\w{1,20}\((?:true|false)?\)){1,6}\s{0,40}\.open\(${ARGS}\)`,
    'g',
  ),
  braces: new RegExp(
    String.raw`\bos\.(?:Create\(${ARGS}\)|OpenFile\(${ARGS}\bO_(?:APPEND|TRUNC|WRONLY)\b${ARGS}\))|\bnew\s{1,3}(?:FileWriter|FileOutputStream|PrintWriter|RandomAccessFile|StreamWriter|FileStream)\(${ARGS}\)|\bFiles\.(?:newBufferedWriter|newOutputStream)\(${ARGS}\)|\bFile\.(?:Create|CreateText|OpenWrite|AppendText)\(${ARGS}\)|(?<![\w.])fopen\(${ARGS},\s{0,3}'[wa]b?\+?'\s{0,3}\)|\bstd::ofstream\s{1,3}\w{1,30}[({]${ARGS}[)}]|\b(?:FileWriter|FileOutputStream)\(${ARGS}\)`,
    'g',
  ),
  php: new RegExp(String.raw`(?<![\w>:])fopen\(${ARGS},\s{0,3}'[waxc]b?\+?'\s{0,3}\)`, 'g'),
  ruby: new RegExp(String.raw`\bFile\.(?:open|new)\(${ARGS},\s{0,3}'[wa]b?\+?'${ARGS}\)`, 'g'),
};
/** Words that promise that something is written. */
const WRITING_WORDS =
  /writ(?:e|es|ten|ing|er)\b|(?:^|[^a-z])(?:record|save|store|append|log|book|persist|export|dump|note|journal|print|archive|report|keep)(?:s|d|ed|_|[A-Z]|\b)|ledger|journal|audit|receipt/i;
/** Words for files that are empty on purpose. */
const MARKER_WORDS =
  /lock|touch|mark|sentinel|flag|empty|place_?holder|\bpid|ensure|truncat|clear|reset|\binit|stamp|te?mp|exists|probe|writable|access|ready|heart_?beat|semaphore|prepare|fresh|dev\/null|devnull/i;
/** Uses of a file handle that write nothing. */
const IDLE_USES = String.raw`(?:\.(?:close|Close|end|dispose|Dispose|flush|Flush|sync_all|sync|Sync|destroy)\(\s{0,3}\)|\s{0,3}(?:==|!=|===|!==)\s{0,3}(?:nil|null|None|NULL|nullptr|-1))`;
/** Functions that close the file handle in their brackets. */
const CLOSE_CALL = String.raw`(?:closeSync|close|fclose|drop|Close)\(\s{0,3}`;

export function fileLeftEmpty(view: CodeView, syntax: Syntax, one: ReadFunction): Harm | undefined {
  const { name, body, comment, from } = one;
  if (MARKER_WORDS.test(name) || MARKER_WORDS.test(comment)) return undefined;
  for (const found of [...body.matchAll(OPEN_CALLS[syntax])].slice(0, 10)) {
    const { index, 0: open } = found;
    const isClaimed =
      WRITING_WORDS.test(name) || WRITING_WORDS.test(comment) || WRITING_WORDS.test(open.replace(/^.*?\(/, ''));
    if (!isClaimed || MARKER_WORDS.test(open.replace(/^[\w.:\s]{1,60}\(/, ''))) continue;
    if (!isUnused(body, { index, open }, syntax)) continue;
    const line = view.lines[from + index + Math.max(0, open.search(/\S/))] ?? one.line;
    return {
      ...{ line, to: line, isNote: false },
      does: 'opens a file to be written, and nothing is written to it',
      why: 'the file exists and is empty; write to it what the name or the comment promises',
    };
  }
  return undefined;
}

interface OpenCall {
  index: number;
  open: string;
}

/** True if the code drops or only closes the handle of the opened file. */
function isUnused(body: string, { index, open }: OpenCall, syntax: Syntax): boolean {
  const before = body.slice(Math.max(0, index - 120), index);
  const after = body.slice(index + open.length);
  const [, streamVariable] = /^std::ofstream\s{1,3}(\w{1,30})/.exec(open) ?? [];
  const [, blockVariable] =
    /^\s{0,3}(?:as|\|)\s{0,3}(\w{1,40})/.exec(after) ?? /^\s{0,3}(?:do|\{)\s{0,3}\|(\w{1,40})\|/.exec(after) ?? [];
  const [, variable] =
    /(?:^|[\n;({])\s{0,80}(?:(?:const|let|var|val|auto|final|using\s{1,3}var|mut|[A-Z][\w<>.]{1,30}|FILE\s{0,3}\*)\s{1,3}(?:mut\s{1,3})?)?\*?\$?(\w{1,40})(?:\s{0,3},\s{0,3}\w{1,20})?\s{0,3}(?::[^=\n]{0,40})?:?=\s{0,3}(?:await\s)?$/.exec(
      before,
    ) ?? [];
  const handle = streamVariable ?? blockVariable ?? variable;
  if (handle !== undefined && !/^_/.test(handle)) return isOnlyClosed(after, handle);
  if (/^\s{0,3}(?:do|\{)\s{0,3}\|/.test(after)) return false;
  const isResultDropped =
    /(?:^|[\n;{}])\s{0,80}(?:(?:const|let|var)\s{1,3})?(?:_\w{0,20}(?:\s{0,3},\s{0,3}\w{1,20})?\s{0,3}:?=\s{0,3})?(?:await\s|\()?$/.test(
      before,
    );
  const isArgumentOfClose = new RegExp(`${CLOSE_CALL}(?:await\\s)?$`).test(before) && /^\s{0,3}\)/.test(after);
  const isEmptyWith = syntax === 'python' && /\bwith\s{1,3}$/.test(before) && /^\s{0,3}:\s{1,80}pass\b/.test(after);
  const isEmptyBlock =
    /\b(?:using|try)\s{0,3}\(\s{0,3}(?:var\s)?$/.test(before) && /^\s{0,3}\)\s{0,3}\{\s{0,40}\}/.test(after);
  const isClosedAtOnce =
    /^(?:\?|\s{0,20}\.(?:unwrap|close|Close|end|Dispose|dispose|await)\(?\)?|\s{0,20}\.(?:expect|map_err|map)\([^()\n]{0,60}\)|\s{0,3}\{\s{0,3}\}|\)){0,4}\s{0,3}(?:;|\n|$)/.test(
      after,
    );
  return isArgumentOfClose || isEmptyWith || isEmptyBlock || (isResultDropped && isClosedAtOnce);
}

function isOnlyClosed(after: string, handle: string): boolean {
  const uses = after.match(new RegExp(`(?<![\\w.])\\$?${handle}\\b`, 'g'))?.length ?? 0;
  const idleUses =
    after.match(
      new RegExp(
        `(?:${CLOSE_CALL})\\$?${handle}\\s{0,3}\\)|(?<![\\w.])\\$?${handle}(?:${IDLE_USES})|(?:as\\s{1,3}|\\|)${handle}\\b(?=\\s{0,3}[:|])`,
        'g',
      ),
    )?.length ?? 0;
  return uses === idleUses;
}
