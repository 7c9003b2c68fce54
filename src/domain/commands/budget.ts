/**
 * `budget`: raises the budget of a build. A build that waits because its budget is reached goes on.
 */
import { budgetGateOf, withoutBudgetGate } from '../build/budget-gate';
import { recordEvent } from '../build/record-event';
import type { BuildState } from '../build/state';
import { DURATION_FORM, readDuration, showDuration } from '../durations';
import type { Budget } from '../money/budget';
import { USD_LIMIT, readUsd, showUsd } from '../money/usd';
import { accept, defineCommand } from './command';
import { optional, readAs, show, text, unreadable } from './fields';
import type { Field } from './fields';
import { refuse } from './refusals';

const usd: Field<number> = {
  read({ field, value }) {
    const microUsd = readUsd(value);
    const form = `a number of US dollars from 0 to ${USD_LIMIT} with at most 6 decimals`;
    return microUsd === null ? unreadable(field, `must be ${form}, not ${show(value)}`) : readAs(microUsd);
  },
};
const count: Field<number> = {
  read: ({ field, value }) =>
    Number.isSafeInteger(value) && Number(value) >= 0
      ? readAs(Number(value))
      : unreadable(field, `must be a whole number from 0 on, not ${show(value)}`),
};
const duration: Field<number> = {
  read({ field, value }) {
    const seconds = readDuration(value);
    return seconds === null ? unreadable(field, `must be ${DURATION_FORM}, not ${show(value)}`) : readAs(seconds);
  },
};
/** The last field: it also refuses a command that names no cap. */
const reason: Field<string> = {
  read(raw) {
    const { wire } = raw;
    if (['usd', 'tokens', 'calls', 'wall_clock'].every((name) => wire[name] == null))
      return unreadable('(input)', 'must name the new total of at least one of usd, tokens, calls and wall_clock');
    return text.read(raw);
  },
};

const CAPS = [
  { field: 'usd', member: 'microUsd', shown: (value: number) => `${showUsd(value)} USD` },
  { field: 'tokens', member: 'tokens', shown: String },
  { field: 'calls', member: 'calls', shown: String },
  { field: 'wall_clock', member: 'wallClockS', shown: showDuration },
] as const satisfies ReadonlyArray<{ field: string; member: keyof Budget; shown: (value: number) => string }>;
type CapField = (typeof CAPS)[number]['field'];

export const budget = defineCommand({
  name: 'budget',
  path: 'budget',
  needs: 'operate',
  description: 'raises the totals that the build may use; a build that waits for its budget goes on',
  fields: {
    usd: optional(usd, () => null),
    tokens: optional(count, () => null),
    calls: optional(count, () => null),
    wall_clock: optional(duration, () => null),
    reason,
  },
  refusals: { 'Command.NotHigher': { status: 409, title: 'The budget is only raised' } },
  decide(build, fields, cause) {
    const problem = findNotHigher(build, fields);
    if (problem !== null) return refuse(build, { type: 'Command.NotHigher', ...problem });
    const named = CAPS.filter(({ field }) => fields[field] !== null);
    const raised = Object.fromEntries(named.map(({ field, member }) => [member, fields[field]]));
    const changes = named.map(({ field, member, shown }) => [
      field,
      `${shown(build.budget?.[member] ?? 0)} -> ${shown(fields[field] ?? 0)}`,
    ]);
    const next = { ...build, budget: { ...build.budget, ...raised }, revision: build.revision + 1 };
    // The project's own caps are not raised by this command.
    const isOwnGate = budgetGateOf(build)?.scope === 'build';
    const data = { reason: fields.reason, ...Object.fromEntries(changes) };
    return accept(recordEvent(isOwnGate ? withoutBudgetGate(next) : next, cause, { type: 'budget_raised', data }));
  },
});

/** Finds a named total that is not higher than the present one. A cap that the build does not have cannot be raised. */
function findNotHigher(
  { budget: present = {} }: Pick<BuildState, 'budget'>,
  fields: Readonly<Record<CapField, number | null>>,
): { field: string; message: string } | null {
  for (const { field, member, shown } of CAPS) {
    const [value, cap] = [fields[field], present[member]];
    if (value === null) continue;
    if (cap === undefined) return { field, message: `${field} of this build is not limited, so it cannot be raised` };
    if (value <= cap)
      return { field, message: `${field} must be higher than the present total of ${shown(cap)}, not ${shown(value)}` };
  }
  return null;
}
