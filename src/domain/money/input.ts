/**
 * Checks the money in the messages and in the stored state of a project's ledger: any client of Temporal can send a signal.
 */
import { isId } from '../ids';
import { isObject } from '../json';
import { aCount, aText, listOf, mapOf, objectOf, orAbsent } from '../shape';
import type { Shape } from '../shape';
import type { GrantAccount, ProjectMoney, WaitingBuild } from './accounts';
import type { Amounts } from './amounts';
import type { GrantAsk } from './grants';

/** An ask with a proof that a worker of this installation sent it. */
export interface ProvenAsk extends GrantAsk {
  /** ISO 8601. */
  sentAt: string;
  proof: string;
}

const someAmounts = objectOf({ microUsd: aCount, tokens: aCount, calls: aCount } satisfies Record<
  keyof Amounts,
  Shape
>);
const anAccount = objectOf({
  ...{ epoch: aCount, run: orAbsent(aText), pastRuns: orAbsent(listOf(aText)) },
  ...{
    granted: someAmounts,
    spent: someAmounts,
    base: someAmounts,
    dayBase: someAmounts,
    asked: orAbsent(someAmounts),
  },
} satisfies Record<keyof GrantAccount, Shape>);
const aWaitingBuild = objectOf({ buildId: aText, epoch: aCount, needed: someAmounts } satisfies Record<
  keyof WaitingBuild,
  Shape
>);
/** The stored money of a project. */
export const someMoney = objectOf({
  ...{ day: aText, ended: someAmounts, endedToday: someAmounts },
  ...{ accounts: mapOf(anAccount), queue: listOf(aWaitingBuild) },
} satisfies Record<keyof ProjectMoney, Shape>);

/** Far more than a worker sends at once; further asks are ignored, and their activities ask again. */
const ASKS_LIMIT = 1_000;
const TEXT_LIMIT_CHARS = 200;

/** Gives the valid asks of a signal, without unknown members. */
export function readAsks(value: unknown): ProvenAsk[] {
  return Array.isArray(value) ? value.slice(0, ASKS_LIMIT).flatMap((one) => readAsk(one) ?? []) : [];
}

function readAsk(value: unknown): ProvenAsk | null {
  if (!isObject(value)) return null;
  const { id, buildId, epoch, run, spent, needed, sentAt, proof } = value as Partial<Record<keyof ProvenAsk, unknown>>;
  const areTexts = [id, sentAt, proof].every(isShortText) && (run === undefined || isShortText(run));
  const areAmounts = [spent, needed].every((one) => someAmounts(one, '') === null);
  if (!isId(buildId) || !areTexts || !areAmounts || aCount(epoch, '') !== null) return null;
  const runMember = run === undefined ? {} : { run };
  return { id, buildId, epoch, ...runMember, spent, needed, sentAt, proof } as ProvenAsk;
}

/** True if the members of a report that say what a build has spent are right or absent. */
export function isMoneyReported(report: Partial<Record<'epoch' | 'spent' | 'waitsFor' | 'at', unknown>>): boolean {
  const { epoch, spent, waitsFor, at } = report;
  const areAmounts = [spent, waitsFor].every((one) => one === undefined || someAmounts(one, '') === null);
  const isToldWhole = (epoch === undefined) === (spent === undefined) && (epoch === undefined) === (at === undefined);
  return areAmounts && isToldWhole && orAbsent(aCount)(epoch, '') === null && (at === undefined || isTime(at));
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TEXT_LIMIT_CHARS;
}

function isTime(value: unknown): boolean {
  return isShortText(value) && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}
