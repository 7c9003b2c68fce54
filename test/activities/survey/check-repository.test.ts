/** Tests with real git which base of the repository a second try of a check uses. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { checkRepository } from '../../../src/activities/survey/check-repository';
import type { Deps } from '../../../src/activities/deps';
import type { FailureType } from '../../../src/domain/failures';
import { Failure } from '../../../src/domain/failures';
import type { TreeAt } from '../../../src/ports/workspace';
import { writeCheckRequest } from '../../../src/requests/check-request';
import { gitIn, makeUpstream } from '../../adapters/workspace/git-fixture';
import { openTestContext, SILENT } from '../on-activity';

let testContext: Awaited<ReturnType<typeof openTestContext>>;
let folder: string;
let path: string;
/** What each try read: the commit and the folder in the given repository. */
let seenBases: Array<{ commit: string; workdir: string }>;
beforeEach(async () => {
  testContext = await openTestContext(() => ({ output: {} }));
  folder = mkdtempSync(join(tmpdir(), 'q-check-'));
  seenBases = [];
  path = makeUpstream(folder, (to) => {
    mkdirSync(join(to, 'app'));
    writeFileSync(join(to, 'app/a.txt'), 'one\n');
  });
});
afterEach(async () => {
  await testContext.close();
  rmSync(folder, { recursive: true });
});

/** Runs one try, which reads the base and then fails with a failure of this type. */
async function tryOnce(
  info: { attempt: number },
  type: FailureType,
  meanwhile: (env: MockActivityEnvironment) => void,
) {
  const deps = { ...testContext.deps, workspace: createGitWorkspace({ root: join(folder, 'repositories') }) };
  const env = new MockActivityEnvironment({ ...info, retryPolicy: { maximumAttempts: 10 } }, { logger: SILENT });
  const look = async (at: TreeAt): Promise<never> => {
    seenBases.push({ commit: at.commit, workdir: await deps.workspace.givenFolder(at) });
    meanwhile(env);
    throw new Failure(type, 'so it ends');
  };
  const { digest } = await deps.artifacts.put(writeCheckRequest({ repository: { path: join(path, 'app') } }));
  const failingDeps: Deps = { ...deps, checkouts: { ...deps.checkouts, look } };
  const task = { projectId: 'shop', request: digest };
  await expect(env.run((input: typeof task) => checkRepository(failingDeps, input), task)).rejects.toMatchObject({
    type,
  });
}
const commitMore = () => void gitIn(path, 'commit', '--quiet', '--allow-empty', '-m', 'more');

test('another try of a check adopts the base that the first one read', async () => {
  await tryOnce({ attempt: 1 }, 'Sandbox.Unavailable', commitMore);
  await tryOnce({ attempt: 2 }, 'Sandbox.Unavailable', () => undefined);
  expect(seenBases[0]).toMatchObject({ workdir: 'app' });
  expect(seenBases[1]).toEqual(seenBases[0]);
});

test.each<[string, number, FailureType]>([
  ['cannot be tried again', 1, 'Environment.ToolMissing'],
  ['was the last of its tries', 10, 'Sandbox.Unavailable'],
])('a check that %s leaves nothing behind', async (_what, attempt, type) => {
  await tryOnce({ attempt }, type, commitMore);
  await tryOnce({ attempt: 2 }, 'Sandbox.Unavailable', () => undefined);
  expect(seenBases[1]?.commit).not.toBe(seenBases[0]?.commit);
});

test('a try that has lost its heartbeat leaves the base to the try that replaces it', async () => {
  await tryOnce({ attempt: 1 }, 'Environment.ToolMissing', (env) => {
    commitMore();
    env.cancel('NOT_FOUND');
  });
  await tryOnce({ attempt: 2 }, 'Sandbox.Unavailable', () => undefined);
  expect(seenBases[1]).toEqual(seenBases[0]);
});
