/**
 * Reads the values that a line of any format gives to names of secrets: code, YAML, properties, JSON, XML, Dockerfile, netrc, headers,
 * shell.
 *
 * Every repetition of a pattern has a maximum length, so that matching stays linear.
 */
import { isSecretName } from './secret-names';

export interface Candidate {
  value: string;
  /** True for a value between quotes, which is a text and no expression. */
  isQuoted: boolean;
}
export interface Found {
  candidates: Candidate[];
  /** True if the line ends where the value would begin: the next line then has it. */
  isOpen: boolean;
}

const NAME = /[A-Za-z_$][\w.$-]{1,100}/g;
/** What stands between a name and its value. */
const OPERATOR =
  /["'`\])]{0,3}[ \t]{0,40}(?:[?!]?:[ \t]{0,8}[\w.<>[\]|?& ]{1,40}=(?=[ \t"'`])|[A-Za-z][\w[\]<>]{0,20}[ \t]{1,8}=(?![=>])|=>|:=|:-|={1,3}|!={1,2}|(?:\?\?|\|\|)=|\.(?:set|equals|eq)\(|:|,|\()[ \t]{0,40}/y;
/** Blanks between a name and its value: `ENV NAME value`, `password value` of netrc, `--password value`, `PASSWORD 'value'`. */
const BLANK = /["'`]?[ \t]{1,8}/y;
const QUOTED = /(?:[rbufRBUFLN@$]{0,2})("{3}|'{3}|["'`])/y;
const BARE = /[^\s"'`<>]{1,500}/y;
/** A default value: `process.env.X ?? 'value'`, `getenv('X', 'value')`. */
const DEFAULT = /(?:\|\||\?\?|\bor\b|\?:|\belse\b|,)[ \t]{0,8}(?:[rbuf]{0,2})["'`]([^"'`\s]{6,300})["'`]/;
const JOINT = /[ \t]{0,8}(?:\+|\.|\|\||&|\\)?[ \t]{0,8}/y;
const LONGEST_VALUE_CHARS = 500;
const DIRECTIVE = /^\s{0,8}(?:ENV|ARG)\s+$/;
const NETRC = /(?:^|\s)(?:machine|login|default|account)\s/;

export function assignmentsIn(text: string, isNetrc = false): Found {
  const found: Found = { candidates: [], isOpen: false };
  for (const match of text.matchAll(NAME)) {
    const name = match[0];
    const end = match.index + name.length;
    const before = text.slice(Math.max(0, match.index - 20), match.index);
    if (!isSecretName(name) || (/[?&]$/.test(before) && text.includes('badge'))) continue;
    const after = isQuestion(name, text.charAt(end)) ? undefined : matchAt(OPERATOR, text, end);
    if (after !== undefined) readValue(text, end + after[0].length, found);
    else if (text[end] === '>') readElement(text, end + 1, found);
    else if (isBlankForm(before, name, { isNetrc: isNetrc || NETRC.test(text) })) readBlank(text, end, found);
    else readQuotedAfterBlank(text, end, found);
  }
  readPairs(text, found);
  return found;
}

const VERB =
  /^(?:generate|create|make|verify|parse|decode|encode|import|export|read|get|load|find|fetch|is|has|check|hash)(?=[A-Z_])/;

/** `name: X` and `value: Y` beside each other, as Kubernetes, JSON and XML write a list of settings. */
const NAMED = /(?:^|[^\w-])(?:name|key|id)["']?\s{0,8}[:=]\s{0,8}["']?([\w.-]{2,100})/i;
const VALUED = /(?:^|[^\w-])(?:value|val)["']?\s{0,8}[:=]\s{0,8}/i;

/** True if this line has `name:` with the name of a secret, so that a line below it may have the value. */
export function namesSecret(text: string): boolean {
  const named = NAMED.exec(text.slice(0, LONGEST_VALUE_CHARS));
  return named !== null && isSecretName(named[1] ?? '');
}

/** Returns the values of a line without a name: of `value: Y`, or of a line below `password: >-` (`isContinued`). */
export function valueIn(text: string, isContinued: boolean): Candidate[] {
  const found: Found = { candidates: [], isOpen: false };
  const valued = VALUED.exec(text.slice(0, LONGEST_VALUE_CHARS));
  if (valued !== null) readValue(text, valued.index + valued[0].length, found);
  else if (isContinued) readValue(text, text.length - text.trimStart().length, found);
  return found.candidates;
}

/** True for calls such as `generateSecret('A128CBC-HS256')`, `getToken("x1")`: the argument says which secret, and is itself none. */
function isQuestion(name: string, next: string): boolean {
  return next === '(' && VERB.test(name.slice(name.lastIndexOf('.') + 1));
}

function readPairs(text: string, found: Found): void {
  if (!namesSecret(text)) return;
  found.candidates.push(...valueIn(text, false));
  const element = /(?:name|key|id)=["'][\w.-]{2,100}["']\s{0,8}>/i.exec(text.slice(0, LONGEST_VALUE_CHARS));
  if (element !== null) readElement(text, element.index + element[0].length, found);
}

function readElement(text: string, start: number, { candidates }: Found): void {
  const end = text.indexOf('</', start);
  const value = text.slice(start, Math.min(end, start + LONGEST_VALUE_CHARS)).trim();
  if (end > start && value !== '')
    candidates.push({ value: value.replace(/^<!\[CDATA\[|\]\]>$/g, ''), isQuoted: true });
}

function isBlankForm(before: string, name: string, { isNetrc }: { isNetrc: boolean }): boolean {
  if (DIRECTIVE.test(before) || /(?:^|\s)--?$/.test(before) || name.startsWith('--')) return true;
  return isNetrc && name === 'password';
}

function readBlank(text: string, end: number, found: Found): void {
  const blank = matchAt(BLANK, text, end);
  if (blank !== undefined) readValue(text, end + blank[0].length, found);
}

/** Reads `PASSWORD 'x'`, `storePassword "x"`, `:password "x"`. */
function readQuotedAfterBlank(text: string, end: number, found: Found): void {
  const blank = matchAt(BLANK, text, end);
  const start = end + (blank?.[0].length ?? 0);
  if (blank !== undefined && /["'`]/.test(text.charAt(start))) readValue(text, start, found);
}

function readValue(text: string, start: number, found: Found): void {
  const isCall = text.charAt(start - 1) === '(';
  if (!isCall && /^[|>\\][-+\d]?\s*$|^\s*$/.test(text.slice(start, start + 40))) found.isOpen = true;
  const quoted = readQuoted(text, start);
  if (quoted !== undefined) {
    found.candidates.push({ value: quoted, isQuoted: true });
    return;
  }
  const bare = matchAt(BARE, text, start)?.[0];
  if (bare !== undefined) found.candidates.push({ value: bare, isQuoted: false });
  const other = DEFAULT.exec(text.slice(start, start + LONGEST_VALUE_CHARS))?.[1];
  if (other !== undefined) found.candidates.push({ value: other, isQuoted: true });
}

/** Reads one literal, or several literals that the code joins. */
function readQuoted(text: string, start: number): string | undefined {
  let value = '';
  let next = start;
  for (let part = 0; part < 20; part += 1) {
    const open = matchAt(QUOTED, text, next);
    if (open === undefined) break;
    const from = next + open[0].length;
    const end = text.indexOf(open[1] ?? '"', from);
    const to = end < 0 ? text.length : end;
    value += text.slice(from, Math.min(to, from + LONGEST_VALUE_CHARS));
    next = to + (open[1]?.length ?? 1);
    next += matchAt(JOINT, text, next)?.[0].length ?? 0;
  }
  return value === '' ? undefined : value;
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text) ?? undefined;
}
