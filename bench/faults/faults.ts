/**
 * Bench `faults`: the worker, the API and the Temporal server are killed (-9) while builds run. Nothing may be lost or done twice.
 */
import { PHASES } from '../../src/domain/roles';
import { projectWorkflowId, statsQuery } from '../../src/workflows/messages';
import { waitUntil } from '../builds';
import { atMost, exactly, spreadCells, spreadOf, SPREAD_COLUMNS } from '../figures';
import type { Bench, BenchOptions, Sheet } from '../figures';
import type { Program } from '../programs';
import { TUNED } from '../stage';
import { auditBuilds, auditCalls } from './audit';
import { killApi } from './kill-api';
import { killServer } from './kill-server';
import { killInPhase } from './kill-worker';
import type { Restart } from './kill-worker';
import { openSite } from './site';
import type { Site } from './site';

const DELAY_MS = 300;
/** The number of builds that one kill hits. With more, the times would show the wait for two cores, not the recovery. */
const BUILDS_A_KILL = 5;
const PROJECT = 'killed';
const SERVER_PROJECT = 'server-killed';

export const faults: Bench = {
  name: 'faults',
  async run({ quick, rounds }: BenchOptions): Promise<Sheet> {
    const site = await openSite({ delayMs: DELAY_MS });
    let api = await site.startApi();
    const workerResult = await killWorkers(site, await site.startWorker(), rounds);
    const apiResult = await killApi(site, api, quick ? 2 : 6);
    api = apiResult.api;
    const serverResult = await killServer(site, { builds: quick ? 8 : 20, projectId: SERVER_PROJECT });
    const workerAudit = auditBuilds(site.dataDir, PROJECT, workerResult.workflowIds);
    const serverAudit = auditBuilds(site.dataDir, SERVER_PROJECT, serverResult.workflowIds);
    const calls = auditCalls(site.model.calls);
    const stats = await ledgerErrors(site, {
      [PROJECT]: workerResult.workflowIds.length,
      [SERVER_PROJECT]: serverResult.workflowIds.length,
    });
    await workerResult.worker.stop();
    await api.stop();
    const { answeredBefore, kills, differ, effectsWrong } = apiResult.found;
    const twice = (audit: typeof workerAudit) => audit.commitsTwice + audit.releasesTwice;
    const restart = (list: Restart[]) => [
      ...spreadCells(list.map((one) => one.sinceReadyMs)),
      ...spreadCells(list.map((one) => one.sinceKillMs)),
    ];
    return {
      title: 'kill -9 of the worker in each phase, of the API during a command, of the Temporal server',
      notes: [
        `${TUNED}; model behind HTTP, ${DELAY_MS} ms an answer; real git, sandbox, release`,
        "each build is the sample request 'Dark mode', with one rework",
        `worker: ${rounds} builds a phase, ${BUILDS_A_KILL} at most by one kill; just before each kill the model sends half of its pending answers`,
        'ready -> step: from the new worker\'s "ready" to the first activity it takes up (server time) or the next event of the build;',
        'kill -> step has the start of the new process (tsx, bundling the workflows) in it',
        `calls: ${calls.cutInFlight} calls were in flight and repeated; ${calls.cutBeforeStored} were answered at the kill but not stored`,
        `API: ${kills} kills, ${answeredBefore} commands answered before the kill; server: ${serverResult.workflowIds.length} builds in flight, down for ${serverResult.downMs} ms`,
      ],
      columns: [
        'worker killed in',
        'builds',
        ...SPREAD_COLUMNS.map((name) => `ready -> step ${name}`),
        ...SPREAD_COLUMNS.map((name) => `kill -> step ${name}`),
      ],
      rows: [...PHASES, 'all'].map((phase) => {
        const list = workerResult.restarts.filter((one) => phase === 'all' || one.phase === phase);
        return [phase, String(list.length), ...restart(list)];
      }),
      figures: [
        exactly('faults: worker killed, builds lost', 0, workerAudit.lost),
        exactly('faults: worker killed, effects twice (commits, releases)', 0, twice(workerAudit)),
        exactly('faults: worker killed, records wrong', 0, workerAudit.recordsWrong),
        exactly('faults: stored model calls paid twice', 0, calls.paidTwice),
        exactly('faults: API killed, answers that differ', 0, differ),
        exactly('faults: API killed, effects not exactly once', 0, effectsWrong),
        exactly('faults: server killed, builds lost', 0, serverAudit.lost),
        exactly(
          'faults: server killed, effects twice, records wrong',
          0,
          twice(serverAudit) + serverAudit.recordsWrong,
        ),
        exactly('faults: wrong sums in the ledgers', 0, stats),
        atMost(
          'faults: first step after ready, p95',
          3_000,
          spreadOf(workerResult.restarts.map((one) => one.sinceReadyMs)).p95,
          ' ms',
        ),
      ],
    };
  },
};

async function killWorkers(site: Site, worker: Program, rounds: number) {
  const restarts: Restart[] = [];
  const workflowIds: string[] = [];
  for (const phase of PHASES) {
    for (let done = 0; done < rounds; done += BUILDS_A_KILL) {
      const builds = Math.min(BUILDS_A_KILL, rounds - done);
      // The kill comes at four different delays, so that it hits the wait for the answer, its storing, and its effects.
      const afterMs = DELAY_MS + ((done / BUILDS_A_KILL) % 4) * 120 + 40;
      const killResult = await killInPhase(site, { phase, builds, projectId: PROJECT, worker, afterMs });
      worker = killResult.worker;
      // The loop takes minutes. Progress goes to standard error, so that it does not mix with the tables.
      process.stderr.write(`faults: worker killed in ${phase}, ${done + builds} of ${rounds}\n`);
      restarts.push(...killResult.restarts);
      workflowIds.push(...killResult.workflowIds);
    }
  }
  return { worker, restarts, workflowIds };
}

async function ledgerErrors(site: Site, expected: Record<string, number>): Promise<number> {
  let errors = 0;
  for (const [projectId, count] of Object.entries(expected)) {
    const handle = site.client.workflow.getHandle(projectWorkflowId(projectId));
    const { total, completed, inProgress } = await waitUntil(
      () => handle.query(statsQuery),
      (told) => told.completed >= count,
      10_000,
    ).catch(() => handle.query(statsQuery));
    if (total === count && completed === count && inProgress === 0) continue;
    errors += 1;
    const told = JSON.stringify({ total, completed, inProgress });
    process.stderr.write(`faults: the ledger of ${projectId} should count ${count} completed builds and has ${told}\n`);
  }
  return errors;
}
