/**
 * The build that nobody's model carries: it waits, durably, and the lines that drive it stand on the screen.
 */
import type { Handoff } from './api';
import { advanceLine, sevenLines } from './curl';
import type { Screen } from './screen';
import { watchBuild } from './watch';
import type { Sight } from './watch';
import type { Stage } from './watched';

const OVER = 'Nothing: ';

/** True where the build is complete; usually Ctrl-C ends it before, as an AbortError. */
export async function showExternal({ run, api, screen, signal }: Stage): Promise<boolean> {
  await api.start();
  let told = 0;
  const onChange = ({ status, handoffs }: Sight): void => {
    if (told === 0 && handoffs.length === 0) return tellBeginning();
    if (handoffs.length <= told) return screen.line(`  ${status.next_expectations.task}`);
    for (const handoff of handoffs.slice(told)) screen.line(`  ${passage(screen, handoff)}`);
    told = handoffs.length;
    const line = advanceLine(api, status.current_state);
    screen.line(`    ${status.next_expectations.task}`);
    if (line !== null) screen.line(`${line}\n`);
  };
  const tellBeginning = (): void => {
    screen.line(
      '  Every role is external: the build waits until somebody calls advance. Each line is ready to paste.\n',
    );
    for (const { about, line } of sevenLines(run, api, 'discovery')) {
      screen.line(screen.paint('dim', `# ${about}`));
      screen.line(line);
    }
    screen.line('\n  State changes show here. Ctrl-C ends it.\n');
  };
  // At `complete` what was handed over is still measured and released: after that, nothing is expected any more.
  const isOver = ({ status, next_expectations }: Sight['status']) =>
    ['complete', 'cancelled'].includes(status) && next_expectations.task.startsWith(OVER);
  const { status } = await watchBuild({ api, isOver, onChange, signal });
  screen.line(`  The end: ${status.next_expectations.task.slice(OVER.length)}.`);
  screen.line(
    '  What the roles said is kept as claimed. A commit that they hand over is released only after it was measured and judged.',
  );
  return status.status === 'complete';
}

function passage(screen: Screen, { from_state, to_state, notes }: Handoff): string {
  return `${screen.paint('green', `${from_state} -> ${to_state}`)}  ${notes}`;
}
