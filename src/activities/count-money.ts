/**
 * Counts the money of a project anew, for a ledger that was lost: from the reports of its builds, and from the documents that say
 * what open builds were granted.
 */
import { workflowIdOf } from '../domain/ids';
import { beginMoney, forgetBuild, startDay, withGrant, withMessage } from '../domain/money/accounts';
import type { ProjectMoney } from '../domain/money/accounts';
import { largerAmounts } from '../domain/money/amounts';
import { takeReport } from '../domain/money/grants';
import type { SurveyResult } from '../domain/project';
import type { Deps } from './deps';

type CountDeps = Pick<Deps, 'documents'>;

/** Gives null for a project without builds that have a budget. */
export async function countMoney(
  { documents }: CountDeps,
  projectId: string,
  found: SurveyResult[],
): Promise<ProjectMoney | null> {
  const reports = found.flatMap((one) => (one.kind === 'standing' && one.report.epoch !== undefined ? one.report : []));
  const [gone, open] = [found.flatMap((one) => (one.kind === 'gone' ? one.buildId : [])), [] as string[]];
  // By the time of their last change, so that what was spent on earlier days does not count for today.
  reports.sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
  let money = beginMoney(reports[0]?.at ?? new Date().toISOString());
  for (const report of reports) {
    const hasEnded = report.kind === 'completed' || report.kind === 'cancelled';
    money = takeReport(startDay(money, report.at ?? ''), { ...report, hasEnded }).money;
    if (!hasEnded) open.push(report.buildId);
  }
  money = startDay(money, new Date().toISOString());
  for (const buildId of [...open, ...gone]) {
    const document = await documents.load('grants', workflowIdOf({ projectId, buildId }));
    if (document === undefined) continue;
    const { epoch, granted } = document;
    const known = money.accounts[buildId];
    if (known === undefined || known.epoch <= epoch) {
      const spent = known?.spent ?? { microUsd: 0, tokens: 0, calls: 0 };
      money = withMessage(money, { buildId, epoch, spent });
      money = withGrant(money, buildId, largerAmounts(granted, known?.granted ?? granted));
    }
    // Neither Temporal nor the records know how much of its grant it has spent.
    if (gone.includes(buildId)) money = forgetBuild(money, buildId);
  }
  const hasMoney = reports.length > 0 || Object.keys(money.accounts).length > 0 || money.ended.calls > 0;
  return hasMoney ? money : null;
}
