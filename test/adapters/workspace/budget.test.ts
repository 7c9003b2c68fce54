/** Tests the limits of a project's repository and tree on disk. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
beforeEach(() => (place = makePlace()));
afterEach(() => place.remove());

const build = { projectId: 'shop', buildId: 'b1' };

test('a repository above the limit is refused with Workspace.TooLarge, and its pack is removed', async () => {
  const path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'big'), randomBytes(3_000_000)));
  const limitedWorkspace = createGitWorkspace({ root: place.root, maxRepositoryBytes: 1_000_000 });
  const refusal = limitedWorkspace.prepare({ ...build, repository: { path } });
  await expect(refusal).rejects.toMatchObject({ type: 'Workspace.TooLarge' });
  await expect(refusal).rejects.toThrow('takes more than 1000000 bytes on disk. Give a smaller repository');
  const packs = join(place.root, 'shop.git/objects/pack');
  expect(readdirSync(packs).filter((name) => name.startsWith('tmp_'))).toEqual([]);
});

test('a tree with too many bytes or files is not checked out', async () => {
  const path = makeUpstream(place.folder, (folder) => {
    for (let n = 0; n < 20; n += 1) writeFileSync(join(folder, `f${n}`), 'x'.repeat(1_000));
  });
  for (const treeLimits of [
    { bytes: 10_000, entries: 100 },
    { bytes: 100_000, entries: 10 },
  ]) {
    const workspace = createGitWorkspace({ root: place.root, treeLimits });
    const at = { ...build, ...(await workspace.prepare({ ...build, repository: { path } })) };
    const folder = join(place.folder, `out${treeLimits.entries}`);
    mkdirSync(folder);
    await expect(workspace.checkout(at, folder)).rejects.toMatchObject({ type: 'Workspace.TooLarge' });
    expect(readdirSync(folder)).toEqual([]);
  }
});
