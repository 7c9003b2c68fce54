/**
 * The last lines of the demonstration with external roles state correctly whether the work was released.
 */
import type { Status } from '../../src/programs/demo/api';
import { showExternal } from '../../src/programs/demo/external';
import type { DemoBuild } from '../../src/programs/demo/watched';

async function endingOf(tasks: string[]): Promise<string> {
  const lines: string[] = [];
  const statuses = tasks.map((task) => ({
    ...{ status: 'complete', current_state: 'complete', handoff_count: 0, next_expectations: { role: null, task } },
  }));
  const api = {
    ...{ buildUrl: 'http://build', startUrl: 'http://start', statsUrl: 'http://stats', token: null },
    start: () => Promise.resolve(),
    status: () => Promise.resolve((statuses.length > 1 ? statuses.shift() : statuses[0]) as unknown as Status),
    handoffs: () => Promise.resolve([]),
  };
  const screen = { line: (line: string) => void lines.push(line), paint: (_colour: string, text: string) => text };
  const run = { buildId: 'b1', sentence: 'A page', repository: '/site', workflowId: 'demo.b1' };
  await showExternal({ run, api, screen, signal: AbortSignal.timeout(20_000) } as unknown as DemoBuild);
  return lines.slice(-2).join('\n');
}

test('R19: the demonstration waits for the release of what was handed over, and says that it is live', async () => {
  const ending = await endingOf([
    'The orchestrator measures, judges and releases what was handed over',
    'Nothing: the build is live',
  ]);
  expect(ending).toContain('The end: the build is live.');
  expect(ending).not.toContain('nothing of it was measured');
});

test('R19: if nothing was released, the demonstration says so with the reason', async () => {
  const ending = await endingOf(['Nothing: the build is complete; nothing was released (no role handed over a file)']);
  expect(ending).toContain('nothing was released (no role handed over a file)');
});
