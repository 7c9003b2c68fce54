/**
 * Adds to a report what calls have cost that its build has not counted yet: a call whose request may still run counts with the most
 * that it can cost.
 */
import { addAmounts } from '../domain/money/amounts';
import { totalOf } from '../domain/money/spend';
import type { BuildReport } from '../domain/project';
import type { Deps } from './deps';
import { costOf, listReservations } from './reservations';

export async function withWholeSpend(
  { documents }: Pick<Deps, 'documents'>,
  projectId: string,
  { uncounted, ...report }: BuildReport,
): Promise<BuildReport> {
  const { spent, waitsFor, buildId } = report;
  if (uncounted === undefined || spent === undefined) return report;
  const held = await listReservations(documents, { projectId, buildId });
  const cost = totalOf(costOf(held.filter(({ call }) => uncounted.includes(call))));
  return {
    ...{ ...report, spent: addAmounts(spent, cost) },
    ...(waitsFor === undefined ? {} : { waitsFor: addAmounts(waitsFor, cost) }),
  };
}
