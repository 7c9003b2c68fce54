/**
 * Replays recorded histories with the current workflow code, because a change must not break builds that run in production.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { PAYLOAD_CONVERTER_PATH } from '../../src/programs/workflow-bundle';

Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });

const FOLDER = join(__dirname, '../histories');
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const LIMIT_BYTES = 150_000;

const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

async function replay(history: object): Promise<void> {
  const workflowBundle = { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' };
  const dataConverter = { payloadConverterPath: PAYLOAD_CONVERTER_PATH };
  await Worker.runReplayHistory({ workflowBundle, dataConverter }, historyFromJSON(history));
}

interface RecordedEvent {
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}
type Recorded = { events: RecordedEvent[] };

/** The history, changed as a test wants it. */
function tampered(name: string, change: (events: RecordedEvent[]) => RecordedEvent[]): Recorded {
  const history = JSON.parse(read(name)) as Recorded;
  return { ...history, events: change(history.events) };
}

test.each(NAMES)('%s replays', async (name) => {
  await replay(JSON.parse(read(name)) as object);
});

test('the recordings are of every kind of life that a build may have', () => {
  expect(NAMES).toEqual(
    [
      ...[
        'amended',
        'approved',
        'before-structure-ledger',
        'before-structure-stuck',
        'before-structure-undone',
        'before-structure',
      ],
      ...['cancelled', 'complete-with-rework', 'decided', 'deep-advance', 'error-retry-rollback', 'external'],
      ...['noticed', 'outbox'],
      ...['paused-with-questions', 'refused-pause', 'remark-refused', 'resumed', 'surveyed-outside'],
    ].map((name) => `${name}.json`),
  );
});

test('a history in which a result was nested deeper than a command may be now replays as it was accepted', async () => {
  const deep = `${'{"a":'.repeat(100)}{}${'}'.repeat(100)}`;
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const given =
    '{"role":"q_assistant","completed_state":"discovery","phase_result":{"done":"discovery"},"actor":"ada"}';
  const text = read('external.json');
  expect(text).toContain(encode(given));
  const changed = text.replaceAll(encode(given), encode(given.replace('{"done":"discovery"}', deep)));
  await replay(JSON.parse(changed) as object);
});

test('M12: a history in which a result has half a character replays as it was accepted', async () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const given =
    '{"role":"q_assistant","completed_state":"discovery","phase_result":{"done":"discovery"},"actor":"ada"}';
  const text = read('external.json');
  expect(text).toContain(encode(given));
  const changed = text.replaceAll(encode(given), encode(given.replace('"done":"discovery"', '"done":"\\ud800"')));
  await replay(JSON.parse(changed) as object);
});

test('a history in which an activity has another name fails as nondeterministic', async () => {
  const renamed = tampered('complete-with-rework.json', (events) =>
    events.map((event) => {
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityType.name !== 'plan') return event;
      return { ...event, activityTaskScheduledEventAttributes: { ...scheduled, activityType: { name: 'discover' } } };
    }),
  );
  await expect(replay(renamed)).rejects.toThrow(DeterminismViolationError);
});

test('a history in which another activity came first fails as nondeterministic', async () => {
  const swapped = tampered('complete-with-rework.json', (events) => {
    const names = events.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType ?? []);
    const [first, second] = names;
    if (first && second) [first.name, second.name] = [second.name, first.name];
    return events;
  });
  await expect(replay(swapped)).rejects.toThrow(DeterminismViolationError);
});

test.each(NAMES)('%s is small and names no machine', (name) => {
  const text = read(name);
  expect(text.length).toBeLessThan(LIMIT_BYTES);
  const payloads = [...text.matchAll(/"data": "([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString('utf8'),
  );
  expect(payloads.length).toBeGreaterThan(5);
  for (const said of [...payloads, text]) {
    expect(said).not.toContain(hostname());
    // A whole path; base64 may hold anything that looks like the beginning of one.
    expect(said).not.toMatch(/\/(?:home|root|Users|work)\/[a-z]+\/(?:src|node_modules|test|dist)/);
  }
});

test('there is one copy of protobufjs under the SDK, or no JSON history could be read', () => {
  const from = (name: string) => require.resolve('protobufjs/package.json', { paths: [require.resolve(name)] });
  expect(from('@temporalio/common')).toBe(from('@temporalio/proto'));
  expect(from('@temporalio/worker')).toBe(from('@temporalio/proto'));
});
