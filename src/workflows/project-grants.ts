/**
 * The part of the project workflow that grants money: it checks the proofs of reports and asks, decides by `domain/money`, and has
 * one local activity write the documents in which activities and waiting builds find their grants.
 */
import { patched, sleep } from '@temporalio/workflow';
import type { MoneyMail } from '../activities/grants-contract';
import { beginMoney, forgetBuild, joinMoney, reopenAccount, startDay } from '../domain/money/accounts';
import type { ProjectMoney } from '../domain/money/accounts';
import { decideAsk, serveQueue, takeReport } from '../domain/money/grants';
import type { GrantAnswer } from '../domain/money/grants';
import { readAsks } from '../domain/money/input';
import type { ProvenAsk } from '../domain/money/input';
import type { GrantCaps } from '../domain/money/room';
import type { BuildReport, ProjectState, SurveyResult } from '../domain/project';
import { now } from './clock';
import { grantActivities } from './proxies';

/** Asks in one batch: each may become a document, which the local activity writes. */
const MAX_ASKS_PER_BATCH = 200;

/** The part of the ledger's run that grants use. */
export interface GrantRun {
  project: ProjectState;
  asks: ProvenAsk[];
  /** The caps may have changed, or a new day has begun. */
  isServeDue: boolean;
  /** Grants that became void and whose documents are not written yet. */
  voided: GrantAnswer[];
  isMidnightTimed: boolean;
}

/** Any client of the server may send a signal, so what is no ask is ignored. */
export function queueAsks(run: GrantRun, payload: unknown): void {
  const asks = readAsks(payload);
  if (asks.length > 0 && patched('grants')) run.asks.push(...asks);
}

export function hasMoney({ epoch }: BuildReport): boolean {
  return epoch !== undefined;
}

/** Takes reports and asks of one batch. Gives the reports that are proven. */
export async function takeMoney(run: GrantRun, reports: BuildReport[], { holdAsks }: { holdAsks: boolean }) {
  const { projectId } = run.project;
  const asks = holdAsks ? [] : run.asks.splice(0, MAX_ASKS_PER_BATCH);
  run.isServeDue = false;
  const mail: MoneyMail = { projectId, reports, asks };
  const { areReportsProven, areAsksProven, caps } = await grantActivities.proveMoney(mail);
  const provenReports = reports.filter((_, index) => areReportsProven[index] === true);
  const written = decide(run, {
    reports: provenReports,
    asks: asks.filter((_, index) => areAsksProven[index] === true),
    // Until a new ledger has counted the earlier builds it does not know what is left.
    caps: holdAsks ? null : caps,
  });
  await writeAnswers(run, written);
  return provenReports;
}

interface Batch {
  reports: BuildReport[];
  asks: ProvenAsk[];
  caps: GrantCaps | null;
}

/** Changes the ledger's state before anything is written, so that nothing is granted twice. */
function decide(run: GrantRun, { reports, asks, caps }: Batch): { answers: GrantAnswer[]; woken: string[] } {
  const { ended } = run.project;
  let money = startDay(run.project.money ?? beginMoney(now()), now());
  const answers: GrantAnswer[] = [];
  for (const report of reports.filter(({ buildId }) => !ended.includes(buildId))) {
    const taken = takeReport(money, { ...report, hasEnded: isEnd(report) });
    money = taken.money;
    if (taken.voided !== null) run.voided.push(taken.voided);
  }
  const endedNow = new Set([...ended, ...reports.filter(isEnd).map(({ buildId }) => buildId)]);
  if (caps !== null)
    for (const ask of asks.filter(({ buildId }) => !endedNow.has(buildId))) {
      const decided = decideAsk(money, ask, caps);
      money = decided.money;
      if (decided.answer !== null) answers.push(decided.answer);
    }
  const served = caps === null ? { money, answers: [] } : serveQueue(money, caps);
  run.project = { ...run.project, money: served.money };
  return { answers: [...answers, ...served.answers], woken: served.answers.map(({ buildId }) => buildId) };
}

async function writeAnswers(
  run: GrantRun,
  { answers, woken }: { answers: GrantAnswer[]; woken: string[] },
): Promise<void> {
  const voided = run.voided.splice(0);
  if (answers.length === 0 && voided.length === 0) return;
  const { projectId } = run.project;
  await grantActivities.writeGrants({ projectId, voided, granted: lastOfEach(answers), woken, at: now() });
}

/** Of several documents of one build the last one counts. */
function lastOfEach(answers: GrantAnswer[]): GrantAnswer[] {
  return [...new Map(answers.map((answer) => [answer.buildId, answer])).values()];
}

function isEnd({ kind }: BuildReport): boolean {
  return kind === 'completed' || kind === 'cancelled';
}

/** Takes the money of what a look has found. Call it before the counts of the ledger take it, which change `ended`. */
export function takeFoundMoney(run: GrantRun, found: SurveyResult[]): void {
  const { money: known } = run.project;
  if (known === undefined && !found.some((one) => one.kind === 'standing' && hasMoney(one.report))) return;
  let money = startDay(known ?? beginMoney(now()), now());
  for (const one of found) {
    if (one.kind === 'gone') money = forgetBuild(money, one.buildId);
    else money = takeFound(run, money, one);
  }
  run.project = { ...run.project, money };
  run.isServeDue = true;
}

function takeFound(
  { project: { ended }, voided }: GrantRun,
  money: ProjectMoney,
  { report, counted }: Extract<SurveyResult, { kind: 'standing' }>,
): ProjectMoney {
  const { buildId, epoch, spent, run } = report;
  // The build had ended, and was reset in Temporal: what it spent before is counted.
  if (ended.includes(buildId) && counted !== undefined && epoch !== undefined && spent !== undefined)
    return reopenAccount(money, buildId, { epoch, spent, ...(run === undefined ? {} : { run }) });
  if (ended.includes(buildId)) return money;
  const taken = takeReport(money, { ...report, hasEnded: isEnd(report) });
  if (taken.voided !== null) voided.push(taken.voided);
  return taken.money;
}

/** Puts the ledger's own money in the place of a rebuilt one's where it knows more. */
export function withOwnMoney(rebuilt: ProjectState, own: ProjectState): ProjectState {
  if (rebuilt.money === undefined && own.money === undefined) return rebuilt;
  const counted = startDay(rebuilt.money ?? beginMoney(now()), now());
  return { ...rebuilt, money: joinMoney(counted, own.money, (buildId) => rebuilt.ended.includes(buildId)) };
}

/** Times the next midnight in UTC while builds wait, as a cap of the day may be all that they wait for. */
export function timeMidnight(run: GrantRun): void {
  if (run.isMidnightTimed || (run.project.money?.queue.length ?? 0) === 0) return;
  run.isMidnightTimed = true;
  const DAY_MS = 86_400_000;
  void sleep(DAY_MS - (Date.now() % DAY_MS)).then(() => {
    run.isMidnightTimed = false;
    run.isServeDue = true;
  });
}
