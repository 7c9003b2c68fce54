/** Tests publishing and restoring with concurrent attempts, late attempts and crashes. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkMark } from '../../../src/domain/trailer';
import type { TreeAt } from '../../../src/ports/workspace';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { publishWork } from '../../../src/adapters/workspace/publish';
import { createRepositories } from '../../../src/adapters/workspace/repository';
import type { ProjectGit } from '../../../src/adapters/workspace/repository';
import { gitIn, makePlace } from './git-fixture';

let place: ReturnType<typeof makePlace>;
let base: TreeAt;
const build = { projectId: 'shop', buildId: 'b1' };
const mark = (attempt: number, generation = 1, turn = 1): WorkMark => ({
  phase: 'implementation',
  generation,
  attempt,
  turn,
});
const branchCommit = () => gitIn(join(place.root, 'shop.git'), 'rev-parse', 'refs/heads/builds/b1');

beforeEach(async () => {
  place = makePlace();
  base = { ...build, ...(await place.workspace.prepare(build)) };
});
afterEach(() => place.remove());

async function work(content: string, at = base) {
  return (await place.workspace.apply(at, [{ path: 'a.txt', content }], 'step')).commit;
}

test('a phase becomes one commit with a trailer, on the branch', async () => {
  const publication = await place.workspace.publish(base, {
    draftCommit: await work('one'),
    message: 'Add a\n',
    mark: mark(2),
  });
  expect(publication.changed).toEqual(['a.txt']);
  expect(branchCommit()).toBe(publication.commit);
  const message = gitIn(join(place.root, 'shop.git'), 'log', '-1', '--format=%B', publication.commit);
  expect(message).toBe('Add a\n\nQ-Build: shop.b1\nQ-Phase: implementation\nQ-Generation: 1\nQ-Attempt: 2\nQ-Turn: 1');
});

test('the commit of an attempt that died before its answer is adopted, not made again', async () => {
  const input = { draftCommit: await work('one'), message: 'm', mark: mark(1) };
  const first = await place.workspace.publish(base, input);
  const otherWorkspace = createGitWorkspace({ root: place.root });
  expect(await otherWorkspace.publish(base, input)).toEqual(first);
  // This also holds if the second run made another tree, or if the branch has further commits.
  const next = { ...build, commit: first.commit };
  await otherWorkspace.publish(next, { draftCommit: await work('two', next), message: 'm', mark: mark(2) });
  expect(await otherWorkspace.publish(base, { ...input, draftCommit: await work('three') })).toEqual(first);
});

test('of two concurrent attempts on one commit one publishes, and the other fails with Workspace.Overtaken', async () => {
  for (let round = 0; round < 5; round += 1) {
    const at = { ...build, commit: branchCommit() };
    const inputs = await Promise.all(
      [1, 2].map(async (n) => ({
        draftCommit: await work(`${round} ${n}`, at),
        message: 'm',
        mark: mark(round * 10 + n),
      })),
    );
    const results = await Promise.allSettled(
      inputs.map((input) => createGitWorkspace({ root: place.root }).publish(at, input)),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      type: 'Workspace.Overtaken',
    });
  }
});

test('an attempt that runs twice publishes once, and both runs get the same answer', async () => {
  const input = { draftCommit: await work('one'), message: 'm', mark: mark(1) };
  const results = await Promise.all([1, 2, 3].map(() => place.workspace.publish(base, input)));
  expect(new Set(results.map(({ commit }) => commit)).size).toBe(1);
});

test('a commit that another run of the same attempt publishes meanwhile is adopted', async () => {
  const input = { draftCommit: await work('one'), message: 'm', mark: mark(1) };
  const git = await createRepositories(place.root).open('shop');
  let twin: Promise<{ commit: string }> | undefined;
  const interruptedGit: ProjectGit = Object.assign(
    async (...call: Parameters<ProjectGit>) => {
      // This call comes after the search for its own commit and before the check of the branch.
      if (call[0][0] === 'for-each-ref') await (twin ??= place.workspace.publish(base, input));
      return git(...call);
    },
    { folder: git.folder, elsewhere: git.elsewhere },
  );
  const publication = await publishWork(interruptedGit, base, input);
  expect(publication).toEqual(await twin);
  expect(branchCommit()).toBe(publication.commit);
});

test('a later turn replaces the commit of an abandoned attempt, which stays reachable by a ref', async () => {
  const abandonedWork = await place.workspace.publish(base, {
    draftCommit: await work('old'),
    message: 'm',
    mark: mark(1, 1, 3),
  });
  const laterWork = await place.workspace.publish(base, {
    draftCommit: await work('new'),
    message: 'm',
    mark: mark(2, 1, 4),
  });
  expect(branchCommit()).toBe(laterWork.commit);
  const repository = join(place.root, 'shop.git');
  expect(gitIn(repository, 'rev-parse', 'refs/parked/b1/abandoned-t3')).toBe(abandonedWork.commit);
});

test('an attempt of an earlier turn cannot replace later work', async () => {
  const laterWork = await place.workspace.publish(base, {
    draftCommit: await work('new'),
    message: 'm',
    mark: mark(2, 1, 4),
  });
  const lateInput = { draftCommit: await work('old'), message: 'm', mark: mark(1, 1, 3) };
  await expect(place.workspace.publish(base, lateInput)).rejects.toMatchObject({ type: 'Workspace.Overtaken' });
  expect(branchCommit()).toBe(laterWork.commit);
});

test('an unchanged tree makes no commit', async () => {
  expect(await place.workspace.publish(base, { draftCommit: base.commit, message: 'm', mark: mark(1) })).toEqual({
    commit: base.commit,
    changed: [],
  });
  expect(branchCommit()).toBe(base.commit);
});

test("another attempt's trailer in a message is only text", async () => {
  const forged = 'm\n\nQ-Build: shop.b1\nQ-Phase: implementation\nQ-Generation: 1\nQ-Attempt: 9';
  const first = await place.workspace.publish(base, { draftCommit: await work('one'), message: forged, mark: mark(1) });
  const at = { ...build, commit: first.commit };
  const ninth = await place.workspace.publish(at, { draftCommit: await work('nine', at), message: 'm', mark: mark(9) });
  expect(ninth.commit).not.toBe(first.commit);
});

test('a restore moves the branch back, keeps the former commits by a parked ref, and may be repeated', async () => {
  const first = await place.workspace.publish(base, { draftCommit: await work('one'), message: 'm', mark: mark(1) });
  for (let n = 0; n < 3; n += 1) await place.workspace.restore(base, { generation: 1 });
  expect(branchCommit()).toBe(base.commit);
  expect(gitIn(join(place.root, 'shop.git'), 'rev-parse', 'refs/parked/b1/g1')).toBe(first.commit);
});

test('a late attempt of a parked generation is void, the next generation publishes', async () => {
  const lateInput = { draftCommit: await work('late'), message: 'm', mark: mark(1) };
  await place.workspace.restore(base, { generation: 1 });
  await expect(place.workspace.publish(base, lateInput)).rejects.toMatchObject({ type: 'Workspace.Overtaken' });
  await place.workspace.publish(base, { ...lateInput, mark: mark(1, 2) });
});

test('a retry completes a restore that died after it made the parked ref', async () => {
  const first = await place.workspace.publish(base, { draftCommit: await work('one'), message: 'm', mark: mark(1) });
  gitIn(join(place.root, 'shop.git'), 'update-ref', 'refs/parked/b1/g1', first.commit);
  await place.workspace.restore(base, { generation: 1 });
  expect(branchCommit()).toBe(base.commit);
});

test('a lock file of a killed git does not block a build for ever', async () => {
  const lock = join(place.root, 'shop.git', 'refs/heads/builds/b1.lock');
  mkdirSync(join(lock, '..'), { recursive: true });
  writeFileSync(lock, '');
  const past = new Date(Date.now() - 120_000);
  utimesSync(lock, past, past);
  const publication = await place.workspace.publish(base, {
    draftCommit: await work('one'),
    message: 'm',
    mark: mark(1),
  });
  expect(branchCommit()).toBe(publication.commit);
});
