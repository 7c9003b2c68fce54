/**
 * Tests that new progress of an activity is in its heartbeat at once.
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import { withHeartbeatAndFailureTypes } from '../../src/activities/boundary';
import { createProgress, reportStep } from '../../src/activities/progress';
import type { Progress } from '../../src/domain/progress';
import { SILENT } from './on-activity';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const FIRST = { number: 1, tool: null, path: null, calls: 0, input_tokens: null, output_tokens: null, model: null };

/** The heartbeats of an activity that ends at once, in order. */
async function heartbeatsOf(run: () => void): Promise<Progress[]> {
  const sent: Progress[] = [];
  const environment = new MockActivityEnvironment({}, { logger: SILENT });
  environment.on('heartbeat', (details: Progress) => sent.push(details));
  await environment.run(withHeartbeatAndFailureTypes(() => Promise.resolve(run())));
  return sent;
}

test('new progress is sent at once, and absent members keep their value', async () => {
  const sent = await heartbeatsOf(() => {
    reportStep({ model: 'fake:model' });
    reportStep({ number: 2, calls: 1, input_tokens: 900, output_tokens: 20 });
    reportStep({ tool: 'read', path: 'src/a.js' });
  });
  const second = { ...FIRST, model: 'fake:model', number: 2, calls: 1, input_tokens: 900, output_tokens: 20 };
  expect(sent).toEqual([
    { step: { ...FIRST, model: 'fake:model', since: ISO } },
    { step: { ...second, since: ISO } },
    { step: { ...second, tool: 'read', path: 'src/a.js', since: ISO } },
  ]);
});

test('the progress contains the count of experiments and the step', async () => {
  const sent = await heartbeatsOf(() => {
    reportStep({ number: 4 });
    const progress = createProgress({ runs: 1, seconds: 1 });
    progress.add();
    progress.add();
    reportStep({ number: 5 });
  });
  expect(sent.map(({ experiments }) => experiments)).toEqual([
    ...[undefined, { answered: 0, at_most: 1 }, { answered: 1, at_most: 1 }, { answered: 2, at_most: 2 }],
    { answered: 2, at_most: 2 },
  ]);
  expect(sent.map(({ step }) => step?.number)).toEqual([4, 4, 4, 4, 5]);
});

test('M11: a long name of a tool or path that a model writes is cut, and never within a character', async () => {
  const [sent] = await heartbeatsOf(() => reportStep({ tool: '\ud800', path: `${'a'.repeat(299)}${'😀'.repeat(10)}` }));
  expect(sent?.step).toMatchObject({ tool: '\ufffd', path: `${'a'.repeat(299)}…` });
});

test('two activities of one worker have separate progress', async () => {
  const [one, other] = await Promise.all([
    heartbeatsOf(() => reportStep({ number: 7 })),
    heartbeatsOf(() => reportStep({ tool: 'list' })),
  ]);
  expect(one[0]?.step).toMatchObject({ number: 7, tool: null });
  expect(other[0]?.step).toMatchObject({ number: 1, tool: 'list' });
});
