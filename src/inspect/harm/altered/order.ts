/**
 * Finds guards that a change moves below the effect that they guard, such as a write, a message or a charge. Also finds
 * guards whose result the code no longer uses. Pure.
 */
import { syntaxOf } from '../../asks/code-view';
import { countRowsWith } from '../../rows-with';
import type { Harm } from '../rule';
import { BRANCH, createEffects, isHeader, MAX_ROWS } from './guarded-effects';
import type { Effect, Guard } from './guarded-effects';
import { firstBy, alteredRow } from './hunk';
import type { Altered } from './hunk';

const GUARD_AFTER_EFFECT = {
  does: 'checks after the effect what was checked before it',
  why: 'the code refuses after the effect has happened; check first',
} as const;
const UNUSED_RESULT = {
  does: 'checks, and does nothing with the answer any more',
  why: 'the code continues although the check says no',
} as const;

/** A row that refuses, such as one that throws. A branch may also have it as its next row. */
const REFUSES =
  /\bthrow\b|\braise\b|\bpanic[!(]|\babort\b|\bdie\s{0,3}\(|\breturn\s{1,3}(?:Err\(|err\b|errors?\.|fmt\.Errorf|nil,|None|null|false|False|[\w.]{0,30}(?:[eE]rror|[fF]orbidden|[uU]nauthorized|[dD]enied|[iI]nvalid|[rR]efused?))|\b(?:403|401|400|409|422|429)\b|\b(?:http\.Error|Forbidden|Unauthorized|BadRequest|reject)\b/;
/** A statement that refuses by itself. */
const ASSERTS =
  /^\s{0,80}(?:await\s{1,3})?(?:assert\b|ensure!|bail!|[\w$.:]{0,60}\b(?:require|ensure|check|assert|verify|validate|authori[sz]e|guard|must|demand|enforce)(?:[A-Z_]\w{0,60})?[!?]?\s{0,3}\()/;
/** A refusal with its condition at the end of the row. */
const AT_END = /(?:\braise\b|\bthrow\b|\breturn\b)[^\n]{0,200}\s(?:if|unless)\s/;

export function misplacedGuards(file: Altered): Harm[] {
  if (syntaxOf(file.path) === undefined || file.hunks.length === 0) return [];
  return [...lateGuards(file), ...unusedChecks(file)];
}

function lateGuards(file: Altered): Harm[] {
  const changed = new Set(file.hunks.flatMap(({ added }) => added.map(({ line }) => line)));
  const guardsBefore = new Map<string, Guard[]>();
  for (const one of guardsIn(file.before))
    guardsBefore.set(keyOf(one), [...(guardsBefore.get(keyOf(one)) ?? []), one].slice(0, 2));
  const [effectsBefore, effectsAfter] = [createEffects(file.before), createEffects(file.after)];
  const namesOf = (effects: readonly Effect[]): Set<string> => new Set(effects.map(({ name }) => name));
  const effectsOfGuard = new Map<Guard, { above: Set<string>; below: Set<string> }>();
  return guardsIn(file.after).flatMap((now) => {
    const sameGuards = guardsBefore.get(keyOf(now)) ?? [];
    const [former] = sameGuards;
    if (sameGuards.length !== 1 || former === undefined) return [];
    const effectsAbove = effectsAfter.above(now);
    // Report only if the guard or the effect was moved.
    const known = effectsOfGuard.get(former) ?? {
      above: namesOf(effectsBefore.above(former)),
      below: namesOf(effectsBefore.below(former)),
    };
    effectsOfGuard.set(former, known);
    const { above, below } = known;
    // A guard whose indent alone changed was not moved.
    const isMoved = changed.has(now.row.line) && now.row.text === former.row.text;
    const effect = effectsAbove.find(
      ({ name, row }) => !above.has(name) && (below.has(name) || isMoved) && (changed.has(row.line) || isMoved),
    );
    return effect === undefined ? [] : [alteredRow(GUARD_AFTER_EFFECT, effect.row, former.row)];
  });
}

function guardsIn(rows: readonly string[]): Guard[] {
  const found: Guard[] = [];
  let from = -1;
  rows.forEach((text, index) => {
    if (isHeader(text)) from = index;
    if (from === -1 || index - from > MAX_ROWS) return;
    const next = rows[index + 1] ?? '';
    const isGuard =
      (BRANCH.test(text) && (REFUSES.test(text) || REFUSES.test(next))) || AT_END.test(text) || ASSERTS.test(text);
    if (isGuard)
      found.push({
        row: { line: index + 1, text },
        condition: withoutSpaces(text),
        header: nameOf(rows[from] ?? ''),
        from,
      });
  });
  return found;
}

function keyOf({ header, condition }: Guard): string {
  return `${header} ${condition}`;
}

function nameOf(header: string): string {
  return /([\w$]{2,80})\s{0,3}(?:<[^<>]{0,60}>)?\s{0,3}[(=:]/.exec(header)?.[1] ?? header.trim();
}

function withoutSpaces(text: string): string {
  return text.replace(/[\s;]+/g, '');
}

/** A call whose name says that it checks; the group is the name. */
const CHECK_CALL =
  /\b((?:[\w$]{1,40}(?:\.|->|::)){0,3}(?:is|has|can|may|check|verify|validate|valid|allow|authori[sz]e|permit|compare|equal)(?:[A-Z_]\w{0,60}|s)?[?!]?)\s{0,3}\(/;

/** Finds checks that were a condition with a refusal and are now a statement. */
function unusedChecks({ hunks }: Altered): Harm[] {
  return hunks.flatMap(({ removed, added }) => {
    const checks = removed.flatMap((was) => {
      const isCondition = BRANCH.test(was.text) || AT_END.test(was.text);
      const [, name] = (isCondition ? CHECK_CALL.exec(was.text) : null) ?? [];
      return name === undefined ? [] : [{ was, name }];
    });
    if (checks.length === 0) return [];
    const statements = firstBy(added, ({ text }) => statementOf(text));
    const calls = countRowsWith(
      new Set(checks.map(({ name }) => `${name}(`)),
      added.map(({ text }) => text),
    );
    return checks.flatMap(({ was, name }) => {
      const row = statements.get(name);
      const isStillChecked = (calls.get(`${name}(`)?.count ?? 0) > 1;
      return row === undefined || isStillChecked ? [] : [alteredRow(UNUSED_RESULT, row, was)];
    });
  });
}

/** Returns the name of the call if the row is a call and nothing else. */
function statementOf(text: string): string | undefined {
  const bare = text.trim().replace(/^(?:await|void|_\s{0,3}:?=)\s{0,3}/, '');
  const isCall = /\);?$/.test(bare) && !/[&|?]{2}|\bor\b|\band\b/.test(bare);
  return isCall ? /^[^(]*(?=\()/.exec(bare)?.[0] : undefined;
}
