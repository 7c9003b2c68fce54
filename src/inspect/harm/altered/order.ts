/**
 * Guards that a change puts behind what they guard, or whose answer it no longer uses: the same refusal stands below a write, a
 * message or a charge that it stood above. Pure.
 */
import { syntaxOf } from '../../asks/code-view';
import type { Harm } from '../rule';
import { worse } from './hunk';
import type { Altered, Row } from './hunk';

const LATE = {
  does: 'asks after it was done what was asked before',
  why: 'who may not do it is told so when it is done; ask first',
} as const;
const UNUSED = {
  does: 'asks, and does nothing with the answer any more',
  why: 'who may not do it goes on',
} as const;

/** A row that refuses, or one that opens a branch of which the next row does. */
const REFUSES =
  /\bthrow\b|\braise\b|\bpanic[!(]|\babort\b|\bdie\s{0,3}\(|\breturn\s{1,3}(?:Err\(|err\b|errors?\.|fmt\.Errorf|nil,|None|null|false|False|[\w.]{0,30}(?:[eE]rror|[fF]orbidden|[uU]nauthorized|[dD]enied|[iI]nvalid|[rR]efused?))|\b(?:403|401|400|409|422|429)\b|\b(?:http\.Error|Forbidden|Unauthorized|BadRequest|reject)\b/;
const BRANCH = /^\s{0,80}(?:\}?\s{0,3}(?:else\s{0,3})?if|elif|elsif|unless|guard)\b/;
/** A statement that refuses by itself. */
const ASSERTS =
  /^\s{0,80}(?:await\s{1,3})?(?:assert\b|ensure!|bail!|[\w$.:]{0,60}\b(?:require|ensure|check|assert|verify|validate|authori[sz]e|guard|must|demand|enforce)(?:[A-Z_]\w{0,60})?[!?]?\s{0,3}\()/;
const AT_END = /(?:\braise\b|\bthrow\b|\breturn\b)[^\n]{0,200}\s(?:if|unless)\s/;
const EFFECT =
  /(?:^|[^\w$.])((?:[\w$]{1,40}(?:\(\))?(?:\?\.|\.|->|::)){0,4}\$?(?:push|append|insert|add|write|save|delete|remove|unlink|send|charge|capture|pay|transfer|refund|withdraw|deposit|debit|credit|publish|emit|execute|exec|query|update|create|commit|record|book|post|put|set|destroy|persist|store|enqueue|deliver|notify|mail|issue|approve|cancel|ship|reserve|print|flush|put_item|increment|decrement)(?:[A-Z_]\w{0,40})?!?)\s{0,3}\(|\b([\w$.>-]{1,60})\s{0,3}(?:[-+]=)|^\s{0,80}(@?[\w$.]{1,40})\s{0,3}<<\s/;
/** Of Python, JavaScript, Go: what is made inside is seen outside when it is given back. */
const LOCAL = (name: string): RegExp =>
  new RegExp(
    `\\b(?:const|let|var|val|auto|mut|my)\\s{1,3}(?:mut\\s)?${name}\\b|(?:^|[\\s(,])${name}\\s{0,3}(?::=|=)(?!=)|\\b[A-Z][\\w<>,]{0,60}\\s${name}\\s{0,3}=`,
    'm',
  );
const HEADER =
  /\b(?:def|function|func|fn|fun)\s{1,3}(?:\([^)]{0,60}\)\s{0,3})?[\w$]|[\w$]{2,60}\s{0,3}(?:=|:)\s{0,3}(?:async\s{0,3})?(?:function\b|\([^()]{0,160}\)[^=;]{0,80}=>)|^\s{0,12}(?:(?:public|private|protected|static|final|async|override|suspend|export)\s{1,3}){1,4}[\w<>[\], ?:]{0,80}[\w$]{2,60}\s{0,3}\(|^\s{2,8}(?:async\s)?[\w$]{2,60}\([^()]{0,160}\)[^;{]{0,40}\{/;
const NO_HEADER = /^\s{0,80}\}?\s{0,3}(?:if|for|while|switch|catch|else|return|elif|unless|await|throw)\b/;
const ROWS_LIMIT = 120;

export function guardsBehind(file: Altered): Harm[] {
  if (syntaxOf(file.path) === undefined || file.hunks.length === 0) return [];
  return [...late(file), ...unused(file)];
}

function late(file: Altered): Harm[] {
  const changed = new Set(file.hunks.flatMap(({ added }) => added.map(({ line }) => line)));
  const before = new Map<string, Guard[]>();
  for (const one of guardsIn(file.before)) before.set(keyOf(one), [...(before.get(keyOf(one)) ?? []), one].slice(0, 2));
  return guardsIn(file.after).flatMap((now) => {
    const was = before.get(keyOf(now)) ?? [];
    const [only] = was;
    if (was.length !== 1 || only === undefined) return [];
    const done = effectsOf(file.after, now);
    // Something of the two was put in another place.
    const above = new Set(effectsOf(file.before, only).map(({ name }) => name));
    const below = new Set(effectsBehind(file.before, only).map(({ name }) => name));
    // One that only stands further in now was not moved.
    const isMoved = changed.has(now.row.line) && now.row.text === only.row.text;
    const effect = done.find(
      ({ name, row }) => !above.has(name) && (below.has(name) || isMoved) && (changed.has(row.line) || isMoved),
    );
    return effect === undefined ? [] : [worse(LATE, effect.row, only.row)];
  });
}

interface Guard {
  row: Row;
  /** Without blanks. */
  said: string;
  header: string;
  /** Index of the row of the header. */
  from: number;
}

function guardsIn(rows: readonly string[]): Guard[] {
  const found: Guard[] = [];
  let from = -1;
  rows.forEach((text, index) => {
    if (HEADER.test(text) && !NO_HEADER.test(text)) from = index;
    if (from === -1 || index - from > ROWS_LIMIT) return;
    const next = rows[index + 1] ?? '';
    const isGuard =
      (BRANCH.test(text) && (REFUSES.test(text) || REFUSES.test(next))) || AT_END.test(text) || ASSERTS.test(text);
    if (isGuard)
      found.push({ row: { line: index + 1, text }, said: squeezed(text), header: nameOf(rows[from] ?? ''), from });
  });
  return found;
}

function keyOf({ header, said }: Guard): string {
  return `${header} ${said}`;
}

function nameOf(header: string): string {
  return /([\w$]{2,80})\s{0,3}(?:<[^<>]{0,60}>)?\s{0,3}[(=:]/.exec(header)?.[1] ?? header.trim();
}

function squeezed(text: string): string {
  return text.replace(/[\s;]+/g, '');
}

interface Effect {
  row: Row;
  name: string;
}

function effectsOf(rows: readonly string[], { from, row }: Guard): Effect[] {
  return effectsIn(rows, { from, start: from + 1, end: row.line - 1 });
}

/** Up to the next header. */
function effectsBehind(rows: readonly string[], { from, row }: Guard): Effect[] {
  const below = rows.slice(row.line + 1, row.line + ROWS_LIMIT);
  const next = below.findIndex((text) => HEADER.test(text) && !NO_HEADER.test(text));
  return effectsIn(rows, { from, start: row.line, end: row.line + (next === -1 ? ROWS_LIMIT : next + 1) });
}

function effectsIn(
  rows: readonly string[],
  { from, start, end }: { from: number; start: number; end: number },
): Effect[] {
  const body = rows.slice(from + 1, end).join('\n');
  return rows.slice(start, end).flatMap((text, at): Effect[] => {
    const [, called, added, pushed] = EFFECT.exec(text) ?? [];
    const name = called ?? added ?? pushed;
    if (name === undefined || BRANCH.test(text) || /^\s{0,80}(?:console|logger|log|logging|debug)\b/.test(text))
      return [];
    const [owner = ''] = name.split(/[^\w$@]/);
    const isOwn = owner !== 'this' && owner !== 'self' && LOCAL(owner.replaceAll('$', '\\$')).test(body);
    return isOwn ? [] : [{ row: { line: start + at + 1, text }, name }];
  });
}

const QUESTION =
  /\b((?:[\w$]{1,40}(?:\.|->|::)){0,3}(?:is|has|can|may|check|verify|validate|valid|allow|authori[sz]e|permit|compare|equal)(?:[A-Z_]\w{0,60}|s)?[?!]?)\s{0,3}\(/;

/** The question was a condition that refused, and is a statement now. */
function unused({ hunks }: Altered): Harm[] {
  return hunks.flatMap(({ removed, added }) =>
    removed.flatMap((was) => {
      const [, name] = (BRANCH.test(was.text) || AT_END.test(was.text) ? QUESTION.exec(was.text) : null) ?? [];
      if (name === undefined) return [];
      const row = added.find(({ text }) => isStatement(text, name));
      const isAsked = added.some((one) => one !== row && one.text.includes(`${name}(`));
      return row === undefined || isAsked ? [] : [worse(UNUSED, row, was)];
    }),
  );
}

function isStatement(text: string, name: string): boolean {
  const bare = text.trim().replace(/^(?:await|void|_\s{0,3}:?=)\s{0,3}/, '');
  return bare.startsWith(`${name}(`) && /\);?$/.test(bare) && !/[&|?]{2}|\bor\b|\band\b/.test(bare);
}
