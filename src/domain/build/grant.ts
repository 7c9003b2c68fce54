/**
 * The grant of a build: the part of its project's money that it may spend while it works. Pure.
 *
 * A build with a budget opens its grant when a role of a model begins to work. When it waits, it raises its epoch, which makes the
 * grant void, and its next report gives the unused part back (`money/grants`).
 */
import { NOTHING, addAmounts } from '../money/amounts';
import type { Amounts } from '../money/amounts';
import { amountKindOf } from '../money/room';
import type { BuildReport } from '../project';
import { budgetGateOf, passGate } from './budget-gate';
import type { BudgetGate } from './budget-gate';
import { spentBy } from './spend';
import type { BuildState } from './state';

export interface GrantUse {
  /** How often the build has waited after work that may have been paid for. */
  epoch: number;
  /** True from the beginning of work until the build waits. */
  isOpen: boolean;
}

/** Opens the grant where a role begins to work. Builds without a budget, which older versions started, have none. */
export function openGrant<B extends BuildState>(build: B): B {
  if (build.budget === undefined || build.grant?.isOpen === true) return build;
  return { ...build, grant: { epoch: build.grant?.epoch ?? 0, isOpen: true } };
}

/** Makes the grant void where the build waits. */
export function closeGrant<B extends BuildState>(build: B): B {
  if (build.grant?.isOpen !== true) return build;
  return { ...build, grant: { epoch: build.grant.epoch + 1, isOpen: false } };
}

/** The epoch that activities name when they ask for a grant; undefined for a build without a budget. */
export function grantEpochOf({ budget, grant }: Pick<BuildState, 'budget' | 'grant'>): number | undefined {
  return budget === undefined ? undefined : (grant?.epoch ?? 0);
}

type MoneyMember = 'epoch' | 'spent' | 'uncounted' | 'waitsFor' | 'at';

/** What a report to the ledger says of the build's money; {} for a build without a budget. */
export function moneyReportOf(build: BuildState): Pick<BuildReport, MoneyMember> {
  const epoch = grantEpochOf(build);
  if (epoch === undefined) return {};
  const spent = spentBy(build);
  const waitsFor = neededAtGate(build, spent);
  const { updatedAt: at, uncountedCalls: uncounted } = build;
  return {
    ...{ epoch, spent, at },
    ...(uncounted === undefined ? {} : { uncounted }),
    ...(waitsFor === null ? {} : { waitsFor }),
  };
}

/** Null while the build does not wait at a cap of its project. */
function neededAtGate(build: BuildState, spent: Amounts): Amounts | null {
  const gate = projectGateOf(build);
  if (gate === null || build.cancelled) return null;
  return addAmounts(spent, { ...NOTHING, [amountKindOf(gate.kind)]: gate.needed });
}

/** The gate of a cap of the project; null if the build waits at none. */
function projectGateOf(build: BuildState): BudgetGate | null {
  const gate = budgetGateOf(build);
  return gate === null || gate.scope === 'build' ? null : gate;
}

/** Ends the wait at a cap of the project, after the ledger has granted what the build needs. `now`: ISO 8601. */
export function afterGrant(build: BuildState, now: string): BuildState {
  if (projectGateOf(build) === null) return build;
  return passGate(build, { actor: 'orchestrator', now }, 'the project allows the next call');
}
