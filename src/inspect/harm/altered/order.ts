/**
 * Guards that a change puts behind what they guard, or whose answer it no longer uses: the same refusal stands below a write, a
 * message or a charge that it stood above. Pure.
 */
import { syntaxOf } from '../../asks/code-view';
import { rowsWith } from '../../rows-with';
import type { Harm } from '../rule';
import { BRANCH, createEffects, isHeader, ROWS_LIMIT } from './guarded-effects';
import type { Effect, Guard } from './guarded-effects';
import { firstBy, worse } from './hunk';
import type { Altered } from './hunk';

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
/** A statement that refuses by itself. */
const ASSERTS =
  /^\s{0,80}(?:await\s{1,3})?(?:assert\b|ensure!|bail!|[\w$.:]{0,60}\b(?:require|ensure|check|assert|verify|validate|authori[sz]e|guard|must|demand|enforce)(?:[A-Z_]\w{0,60})?[!?]?\s{0,3}\()/;
const AT_END = /(?:\braise\b|\bthrow\b|\breturn\b)[^\n]{0,200}\s(?:if|unless)\s/;
export function guardsBehind(file: Altered): Harm[] {
  if (syntaxOf(file.path) === undefined || file.hunks.length === 0) return [];
  return [...late(file), ...unused(file)];
}

function late(file: Altered): Harm[] {
  const changed = new Set(file.hunks.flatMap(({ added }) => added.map(({ line }) => line)));
  const before = new Map<string, Guard[]>();
  for (const one of guardsIn(file.before)) before.set(keyOf(one), [...(before.get(keyOf(one)) ?? []), one].slice(0, 2));
  const [then, since] = [createEffects(file.before), createEffects(file.after)];
  const namesOf = (effects: readonly Effect[]): Set<string> => new Set(effects.map(({ name }) => name));
  const around = new Map<Guard, { above: Set<string>; below: Set<string> }>();
  return guardsIn(file.after).flatMap((now) => {
    const was = before.get(keyOf(now)) ?? [];
    const [only] = was;
    if (was.length !== 1 || only === undefined) return [];
    const done = since.above(now);
    // Something of the two was put in another place.
    const known = around.get(only) ?? { above: namesOf(then.above(only)), below: namesOf(then.behind(only)) };
    around.set(only, known);
    const { above, below } = known;
    // One that only stands further in now was not moved.
    const isMoved = changed.has(now.row.line) && now.row.text === only.row.text;
    const effect = done.find(
      ({ name, row }) => !above.has(name) && (below.has(name) || isMoved) && (changed.has(row.line) || isMoved),
    );
    return effect === undefined ? [] : [worse(LATE, effect.row, only.row)];
  });
}

function guardsIn(rows: readonly string[]): Guard[] {
  const found: Guard[] = [];
  let from = -1;
  rows.forEach((text, index) => {
    if (isHeader(text)) from = index;
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

const QUESTION =
  /\b((?:[\w$]{1,40}(?:\.|->|::)){0,3}(?:is|has|can|may|check|verify|validate|valid|allow|authori[sz]e|permit|compare|equal)(?:[A-Z_]\w{0,60}|s)?[?!]?)\s{0,3}\(/;

/** The question was a condition that refused, and is a statement now. */
function unused({ hunks }: Altered): Harm[] {
  return hunks.flatMap(({ removed, added }) => {
    const asking = removed.flatMap((was) => {
      const [, name] = (BRANCH.test(was.text) || AT_END.test(was.text) ? QUESTION.exec(was.text) : null) ?? [];
      if (name === undefined) return [];
      return [{ was, name }];
    });
    if (asking.length === 0) return [];
    const statements = firstBy(added, ({ text }) => statementOf(text));
    const standing = rowsWith(
      new Set(asking.map(({ name }) => `${name}(`)),
      added.map(({ text }) => text),
    );
    return asking.flatMap(({ was, name }) => {
      const row = statements.get(name);
      // Another row asks it, too.
      const isAsked = (standing.get(`${name}(`)?.count ?? 0) > 1;
      return row === undefined || isAsked ? [] : [worse(UNUSED, row, was)];
    });
  });
}

/** What a row calls that is a call and nothing else. */
function statementOf(text: string): string | undefined {
  const bare = text.trim().replace(/^(?:await|void|_\s{0,3}:?=)\s{0,3}/, '');
  const isCall = /\);?$/.test(bare) && !/[&|?]{2}|\bor\b|\band\b/.test(bare);
  return isCall ? /^[^(]*(?=\()/.exec(bare)?.[0] : undefined;
}
