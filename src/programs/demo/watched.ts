/**
 * Runs a build whose roles have models: starts it over HTTP, shows it as a timeline, and sums it up at its end.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { BuildState } from '../../domain/build/state';
import type { Launched } from '../launch';
import { buildQuery } from '../../workflows/messages';
import type { Api } from './api';
import { attemptsOf } from './attempts';
import { curlPost } from './curl';
import { logFileOf } from './log-file';
import type { Run } from './run';
import type { Screen } from './screen';
import { showSummary } from './summary';
import { createTimeline } from './timeline';
import { watchBuild } from './watch';
import type { Sight } from './watch';

const CLEANUP_MS = 3_000;

export interface DemoBuild {
  run: Run;
  launched: Launched;
  api: Api;
  screen: Screen;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** True where the build is complete. */
export async function showBuild(demoBuild: DemoBuild): Promise<boolean> {
  const { run, launched, api, screen, signal } = demoBuild;
  await api.start();
  const timeline = createTimeline(screen);
  let shownRevision = -1;
  let shownFailure = '';
  const onChange = async ({ status, handoffs }: Sight): Promise<void> => {
    const doing = status.status === 'in_progress' ? status.state_description : status.next_expectations.task;
    timeline.update(attemptsOf(status, handoffs), doing);
    const failure = status.retrying?.last_failure?.message ?? shownFailure;
    if (failure !== shownFailure)
      screen.line(`  A step failed and is retried: ${failure} (log: ${logFileOf(run.folder)})`);
    shownFailure = failure;
    if (status.status !== 'waiting' || shownRevision === status.revision) return;
    shownRevision = status.revision;
    await showQuestions(demoBuild);
  };
  try {
    const isOver = ({ status }: Sight['status']) => ['complete', 'cancelled', 'error'].includes(status);
    const sight = await watchBuild({ api, isOver, onChange, signal });
    timeline.stop();
    await showSummary(screen, { run, launched, api, sight });
    return sight.status.status === 'complete';
  } finally {
    timeline.stop();
  }
}

/** Cancels the build if it is open: its worker ends with this program, so no worker would continue it. */
export async function endBuild({ launched, run, api, screen }: DemoBuild): Promise<void> {
  const ended = launched.client.workflow.getHandle(run.workflowId).result();
  ended.catch(() => undefined);
  try {
    const { status } = await api.status();
    if (status === 'complete' || status === 'cancelled') return;
    await api.cancel('the demonstration was ended');
    screen.line('  Stopping: the build is cancelled; its results so far are kept.');
    await Promise.race([ended, wait(CLEANUP_MS)]);
  } catch {
    // The build was never started, or is cancelled: a cancelled workflow has no result.
  }
}

/** Shows the questions that a model has asked; the build waits for an answer without a time limit. */
async function showQuestions({ launched, run, api, screen }: DemoBuild): Promise<void> {
  const build: BuildState = await launched.client.workflow.getHandle(run.workflowId).query(buildQuery);
  if (build.questions.length === 0) return;
  screen.line('  The Q Assistant asks; the build waits for an answer:');
  for (const { id, text } of build.questions) screen.line(`    ${id}: ${text}`);
  const answers = Object.fromEntries(build.questions.map(({ id }) => [id, 'your answer']));
  screen.line(`  ${curlPost(api, `${api.buildUrl}/answer`, { answers })}`);
}
