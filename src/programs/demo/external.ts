/**
 * Shows a build whose roles are all external: it prints the curl commands that drive the build, and each change of state.
 */
import type { Handoff } from './api';
import { advanceLine, curlLines } from './curl';
import type { Screen } from './screen';
import { watchBuild } from './watch';
import type { Sight } from './watch';
import type { DemoBuild } from './watched';

/** The beginning of the task of a build that expects no further command. */
const NO_TASK = 'Nothing: ';

/** True where the build is complete. Ctrl-C rejects with an AbortError. */
export async function showExternal({ run, api, screen, signal }: DemoBuild): Promise<boolean> {
  await api.start();
  let shownCount = 0;
  const onChange = ({ status, handoffs }: Sight): void => {
    if (shownCount === 0 && handoffs.length === 0) return showBeginning();
    if (handoffs.length <= shownCount) return screen.line(`  ${status.next_expectations.task}`);
    for (const handoff of handoffs.slice(shownCount)) screen.line(`  ${handoffLine(screen, handoff)}`);
    shownCount = handoffs.length;
    const line = advanceLine(api, status.current_state);
    screen.line(`    ${status.next_expectations.task}`);
    if (line !== null) screen.line(`${line}\n`);
  };
  const showBeginning = (): void => {
    screen.line('  Every role is external: the build waits until you call advance. Each command is ready to paste.\n');
    for (const { about, line } of curlLines(run, api, 'discovery')) {
      screen.line(screen.paint('dim', `# ${about}`));
      screen.line(line);
    }
    screen.line('\n  State changes show here. Ctrl-C ends it.\n');
  };
  // In the state `complete` the orchestrator still measures and releases; only then does the task begin with NO_TASK.
  const isOver = ({ status, next_expectations }: Sight['status']) =>
    ['complete', 'cancelled'].includes(status) && next_expectations.task.startsWith(NO_TASK);
  const { status } = await watchBuild({ api, isOver, onChange, signal });
  screen.line(`  The end: ${status.next_expectations.task.slice(NO_TASK.length)}.`);
  screen.line(
    '  The results that you sent are stored as claims. A commit is released only after the orchestrator measured and judged it.',
  );
  return status.status === 'complete';
}

function handoffLine(screen: Screen, { from_state, to_state, notes }: Handoff): string {
  return `${screen.paint('green', `${from_state} -> ${to_state}`)}  ${notes}`;
}
