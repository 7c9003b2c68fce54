/**
 * The pace of a provider on a live server, over a minute.
 */
import { closeProviders, good, openProvider } from './provider';

afterEach(closeProviders);

test('the pace of a provider holds over many builds: each minute has at most its calls, and each build makes one', async () => {
  const { times, begin } = await openProvider([good], { MODEL_CALLS_PER_MINUTE: '4' });
  const runs = await Promise.all(Array.from({ length: 8 }, begin));
  await Promise.all(runs.map((run) => run.reach('planning')));
  expect(times).toHaveLength(8);
  const first = times[0] as number;
  expect(times.filter((at) => at < first + 59_000)).toHaveLength(4);
});
