/**
 * Bench `history`: measures the size of a build's history in Temporal, and what a rework adds to it.
 */
import { buildQuery } from '../src/workflows/messages';
import { ALL_LLM, startBuild } from './builds';
import { makeRepository, writeScript } from './example';
import { atMost, digits } from './figures';
import type { Bench, Sheet } from './figures';
import { makeFolder, setStage, TUNED } from './stage';

interface Size {
  events: number;
  kb: number;
  reworks: number;
}

export const history: Bench = {
  name: 'history',
  async run(): Promise<Sheet> {
    const [plain, reworked] = [await sizeOf(false), await sizeOf(true)];
    const [events, kb] = [reworked.events - plain.events, reworked.kb - plain.kb];
    return {
      title: 'events and bytes of history, as the server counts them',
      notes: [`${TUNED}; real git, sandbox and release; the Code Writer takes two steps an attempt`],
      columns: ['', 'reworks', 'events', 'KB'],
      rows: [
        ['dark mode, right at the first attempt', String(plain.reworks), String(plain.events), digits(plain.kb)],
        ['dark mode', String(reworked.reworks), String(reworked.events), digits(reworked.kb)],
        ['a rework adds', '1', String(events), digits(kb)],
      ],
      figures: [
        atMost('history: events of a build without rework', 80, plain.events, ''),
        atMost('history: KB of a build without rework', 50, plain.kb, ' KB'),
        atMost('history: events a rework adds', 20, events, ''),
      ],
    };
  },
};

async function sizeOf(rework: boolean): Promise<Size> {
  const folder = await makeFolder();
  const repository = makeRepository(folder);
  const stage = await setStage({ env: { MODEL: writeScript(folder, { delayMs: 0, rework }) } });
  const stop = await stage.startWorker();
  const handle = await startBuild(stage, { roles: ALL_LLM, request: { repository: { path: repository } } });
  await handle.result();
  const { attempts } = await handle.query(buildQuery);
  const { historyLength, historySize } = await handle.describe();
  await stop();
  if (attempts.implementation !== (rework ? 2 : 1)) throw new Error('the script did not go as it should');
  return { events: historyLength, kb: (historySize ?? Number.NaN) / 1_000, reworks: attempts.implementation - 1 };
}
