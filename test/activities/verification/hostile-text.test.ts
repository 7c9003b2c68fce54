/** Tests texts that once kept readers busy for minutes: they pass the real gates without blocking the main thread. */
import { createTestReaders } from '../../reader-thread';
import type { Deps } from '../../../src/activities/deps';
import { readChange } from '../../../src/activities/verification/facts/change';
import { readDelivered } from '../../../src/activities/verification/facts/delivered';
import { readHarm } from '../../../src/activities/verification/facts/harm';
import { readQuestions } from '../../../src/activities/verification/facts/questions';
import { readFacts } from '../../../src/activities/verification/gather-facts';
import { judgesAt } from '../../../src/activities/testing/judges';
import type { PhaseTask } from '../../../src/activities/contract';
import type { StartRequest } from '../../../src/requests/start-request';
import { createTestRunners } from '../../../src/adapters/runners/create-runners';
import { makePlace } from '../../adapters/workspace/git-fixture';
import { longestStopMs } from '../../main-thread';

const LONGEST_MS = 200;
const chars = (seed: string, count: number): string => seed.repeat(Math.ceil(count / seed.length)).slice(0, count);

const readers = createTestReaders();
const place = makePlace();
afterAll(async () => {
  await readers.close();
  place.remove();
});

test('S1: 400 KB of slashes, and one line of quotes, pass the gates without blocking the event loop', async () => {
  const { workspace } = place;
  const build = { projectId: 'shop', buildId: 'hostile' };
  const empty = await workspace.prepare(build);
  const base = { path: 'src/sum.js', content: 'export const sum = (a, b) => a + b;\n' };
  const { commit: before } = await workspace.apply({ ...build, ...empty }, [base], 'start');
  const files = [
    { path: 'src/slashes.js', content: `const a = ${chars('/[', 400_000)}\n` },
    { path: 'src/quotes.js', content: `const b = [${chars('"",', 400_000)}];\n` },
    { path: 'src/lines.ts', content: `if (process.env.NODE_ENV === 'test') a();\n${chars('/[^\n', 200_000)}` },
  ];
  const { commit } = await workspace.apply({ ...build, commit: before }, files, 'work');
  const deps = {
    ...{ workspace, readers, runners: createTestRunners() },
    artifacts: { put: (text: string) => Promise.resolve({ digest: `sha256:${text.length}`, bytes: text.length }) },
    documents: { load: () => Promise.resolve(undefined) },
    registry: { lookUp: () => Promise.reject(new Error('asked')) },
  } as unknown as Deps;
  const request = { requirements: 'x' } as unknown as StartRequest;
  const change = await readChange(deps, { repo: build, base: before, commit });
  const task = { ...build, phase: 'verification' } as unknown as PhaseTask;
  const tree = { testCommand: [], isBuilt: false, asked: { paths: [], text: '' } };
  const noCommands = { ran: [], asked: { commands: undefined, release: { smoke: {} } }, testCommand: [], workdir: '' };
  const judge = async () => {
    const askingFiles = await readQuestions(deps, change);
    expect(askingFiles.map(({ path }) => path)).toEqual(['src/lines.ts']);
    await readHarm(deps, change, request);
    await readDelivered(deps, change, tree);
    await readFacts(deps, task, { change, implementation: undefined });
    const paths = files.map(({ path }) => path);
    await judgesAt(deps, { ...build, commit }, { ...noCommands, paths } as unknown as Parameters<typeof judgesAt>[2]);
  };
  expect(await longestStopMs(judge)).toBeLessThan(LONGEST_MS);
});
