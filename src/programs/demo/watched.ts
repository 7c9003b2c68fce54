/**
 * The build that models carry: started over HTTP, shown as a timeline, summed up when it has ended.
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

export interface Stage {
  run: Run;
  launched: Launched;
  api: Api;
  screen: Screen;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** True where the build is complete. */
export async function showBuild(stage: Stage): Promise<boolean> {
  const { run, launched, api, screen, signal } = stage;
  await api.start();
  const timeline = createTimeline(screen);
  let toldRevision = -1;
  let toldFailure = '';
  const onChange = async ({ status, handoffs }: Sight): Promise<void> => {
    const doing = status.status === 'in_progress' ? status.state_description : status.next_expectations.task;
    timeline.update(attemptsOf(status, handoffs), doing);
    const failed = status.retrying?.last_failure?.message ?? toldFailure;
    if (failed !== toldFailure)
      screen.line(`  It failed and is tried again: ${failed} (log: ${logFileOf(run.folder)})`);
    toldFailure = failed;
    if (status.status !== 'waiting' || toldRevision === status.revision) return;
    toldRevision = status.revision;
    await tellQuestions(stage);
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

/** What is left open is cancelled: its worker goes with this program, so nobody would ever carry it on. */
export async function endBuild({ launched, run, api, screen }: Stage): Promise<void> {
  const ended = launched.client.workflow.getHandle(run.workflowId).result();
  ended.catch(() => undefined);
  try {
    const { status } = await api.status();
    if (status === 'complete' || status === 'cancelled') return;
    await api.cancel('the demonstration was ended');
    screen.line('  Stopping: the build is cancelled; what it made so far is kept.');
    await Promise.race([ended, wait(CLEANUP_MS)]);
  } catch {
    // Never begun, or cancelled: a cancelled workflow has no result.
  }
}

/** A model may ask before it goes on; then the build waits for as long as it takes. */
async function tellQuestions({ launched, run, api, screen }: Stage): Promise<void> {
  const build: BuildState = await launched.client.workflow.getHandle(run.workflowId).query(buildQuery);
  if (build.questions.length === 0) return;
  screen.line('  The Q Assistant asks; the build waits for an answer:');
  for (const { id, text } of build.questions) screen.line(`    ${id}: ${text}`);
  const answers = Object.fromEntries(build.questions.map(({ id }) => [id, 'your answer']));
  screen.line(`  ${curlPost(api, `${api.buildUrl}/answer`, { answers })}`);
}
