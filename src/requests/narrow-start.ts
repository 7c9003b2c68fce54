/**
 * Joins the settings of a project with the body of a start: the start gets the project's values where it names none, and may narrow
 * them. What would widen them is refused by name.
 */
import type { z } from 'zod';
import { canonicalJson } from '../domain/canonical';
import { isObject } from '../domain/json';
import { budgetIn } from './budget';
import type { GateBody } from './gates';
import type { ProjectSettings } from './project-settings';
import { startSchema } from './start-request';

/** The members of a start that the settings of a project may have, too. */
const narrowedSchema = startSchema.pick({ budget: true, gates: true, roles: true, commands: true, release: true });
export type Narrowed = z.output<typeof narrowedSchema>;

/** A member of a start that is wider than the settings allow. `message` follows the name of the field. */
export interface Widening {
  field: string;
  message: string;
}

/** Thrown where a start is wider than the settings of its project. */
export class WidensSettings extends Error {
  constructor(readonly widening: Widening) {
    super(`${widening.field} ${widening.message}`);
  }
}

/** Gives the body with the project's values. Throws `WidensSettings`. */
export function narrowStart<B extends Narrowed>(body: B, settings: ProjectSettings): B {
  const joined: Narrowed = {
    budget: narrowBudget(body.budget, settings.budget?.build),
    gates: narrowGates(body.gates, settings.gates),
    roles: narrowRoles(body.roles, settings.roles),
    commands: fixed('commands', body.commands, settings.commands),
    release: fixed('release', body.release, settings.release),
  };
  const given = Object.entries(joined).filter(([, value]) => value !== undefined);
  // Values that are right by themselves may contradict each other when they are joined.
  const checked = narrowedSchema.safeParse(Object.fromEntries(given));
  const [issue] = checked.error?.issues ?? [];
  if (issue !== undefined)
    throw new WidensSettings({
      field: issue.path.map(String).join('.'),
      message: `${issue.message}, together with the settings of the project`,
    });
  return { ...body, ...checked.data };
}

function narrowBudget(given: Narrowed['budget'], allowed: Narrowed['budget']): Narrowed['budget'] {
  if (allowed === undefined) return given;
  const [givenCaps, allowedCaps] = [budgetIn(given), budgetIn(allowed)];
  const wider = BUDGET_MEMBERS.find(([, kind]) => (givenCaps[kind] ?? 0) > (allowedCaps[kind] ?? Infinity));
  if (wider !== undefined) {
    const [name] = wider;
    refuse(`budget.${name}`, given?.[name], `the settings of the project allow at most ${shown(allowed[name])}`);
  }
  return { ...allowed, ...given };
}

const BUDGET_MEMBERS = [
  ['usd', 'microUsd'],
  ['tokens', 'tokens'],
  ['calls', 'calls'],
  ['wall_clock', 'wallClockS'],
] as const;

function narrowGates(given: Narrowed['gates'], own: Narrowed['gates']): Narrowed['gates'] {
  if (own === undefined) return given;
  return {
    ...given,
    ...(own.plan === undefined ? {} : { plan: narrowGate('plan', given?.plan, own.plan) }),
    ...(own.release === undefined ? {} : { release: narrowGate('release', given?.release, own.release) }),
  };
}

/** An approval may be added, not left out; its approvers may be fewer, and its quorum larger. */
function narrowGate(kind: 'plan' | 'release', given: GateBody | undefined, own: GateBody): GateBody {
  if (given === undefined) return own;
  const at = `gates.${kind}`;
  const { approval, approvers, quorum, proposer_may_approve: proposer, escalate_to: escalateTo } = given;
  if (own.approval === 'auto') return given;
  if (approval === 'auto') refuse(`${at}.approval`, approval, 'the settings of the project require an approval');
  const stranger = approvers?.find((name) => own.approvers !== undefined && !own.approvers.includes(name));
  if (stranger !== undefined)
    refuse(`${at}.approvers`, stranger, `the settings of the project name ${shown(own.approvers)} only`);
  const deputy = escalateTo?.find((name) => own.approvers !== undefined && !mayDecide(own, name));
  if (deputy !== undefined)
    refuse(
      `${at}.escalate_to`,
      deputy,
      `the settings of the project name ${shown(own.escalate_to ?? own.approvers)} only`,
    );
  if (quorum !== undefined && quorum < (own.quorum ?? 1))
    refuse(`${at}.quorum`, quorum, `the settings of the project ask for at least ${own.quorum}`);
  if (own.proposer_may_approve === false && proposer === true)
    refuse(`${at}.proposer_may_approve`, proposer, 'the settings of the project forbid it');
  return { ...own, ...given };
}

function mayDecide({ approvers = [], escalate_to: escalateTo = [] }: GateBody, name: string): boolean {
  return approvers.includes(name) || escalateTo.includes(name);
}

/** A role that the project gives to people or agents outside stays theirs; one of a model may be given to them. */
function narrowRoles(given: Narrowed['roles'], own: Narrowed['roles']): Narrowed['roles'] {
  if (own === undefined) return given;
  for (const [role, mode] of Object.entries(own))
    if (mode === 'external' && given?.[role as keyof typeof own] === 'llm')
      refuse(`roles.${role}`, 'llm', 'the settings of the project say "external"');
  return { ...own, ...given };
}

/** What judges and releases the work: a value that the project has set stays as it is, also inside of objects. */
function fixed<T extends object>(at: string, given: T | undefined, own: T | undefined): T | undefined {
  if (own === undefined || given === undefined) return own ?? given;
  const joined: Record<string, unknown> = Object.fromEntries(Object.entries({ ...own, ...given }));
  for (const [name, value] of Object.entries(own)) {
    const asked = (given as Record<string, unknown>)[name];
    if (value === undefined || asked === undefined) joined[name] = value ?? asked;
    else if (isObject(value) && isObject(asked)) joined[name] = fixed<object>(`${at}.${name}`, asked, value);
    else if (canonicalJson(asked) !== canonicalJson(value))
      refuse(`${at}.${name}`, asked, `the settings of the project say ${shown(value)}`);
  }
  return joined as T;
}

const SHOWN_CHARS = 100;

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, SHOWN_CHARS);
}

function refuse(field: string, given: unknown, because: string): never {
  throw new WidensSettings({
    field,
    message: `is ${shown(given)}, and ${because}: leave it out or ask for less, or change the settings by PUT settings`,
  });
}
