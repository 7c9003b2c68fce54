/** Tests what the job reclaims, and that it keeps everything that a record, an open build or a release names: real git, real files. */
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnswerJournals } from '../../../src/adapters/artifacts/answer-journals';
import { diskUse } from '../../../src/adapters/machine/du';
import { sha256 } from '../../../src/inspect/digest';
import { makePlace, openBuild, PROJECT } from './place';
import type { Built, ReclaimPlace } from './place';

const MEGABYTE = 1024 ** 2;
let place: ReclaimPlace;
afterEach(() => place.remove());

test('O6: of 12 builds of a 3 MB repository, half cancelled, only the data of the other half remains after each reclaim', async () => {
  place = makePlace(3);
  const { repositories } = place.folders;
  const kept: Built[] = [];
  const cancelled: Built[] = [];
  const sizes: number[] = [];
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < 4; at++) {
      const build = await place.build(`b${round}-${at}`);
      await place.end(build, at % 2 === 1);
      (at % 2 === 1 ? cancelled : kept).push(build);
    }
    const before = await diskUse([repositories]);
    const looked = await place.run([], { isDryRun: true });
    expect(await diskUse([repositories])).toBe(before);
    expect(looked?.kinds.repositories.bytes).toBeGreaterThan(1.2 * MEGABYTE);
    const done = await place.run();
    expect(done?.notes).toEqual([]);
    expect(done?.projects[PROJECT]).toBeGreaterThan(1.2 * MEGABYTE);
    sizes.push(await diskUse([repositories]));
    expect(before - (sizes.at(-1) ?? 0)).toBeGreaterThan(1.2 * MEGABYTE);
  }
  // Each round adds only two builds of 0.7 MB that are kept.
  for (const more of sizes.slice(1).map((size, at) => size - (sizes[at] ?? 0))) {
    expect(more).toBeLessThan(1.7 * MEGABYTE);
  }
  for (const build of kept) {
    expect(place.git('rev-parse', place.branch(build))).toBe(build.commit);
    place.git('rev-list', '--objects', '--quiet', build.commit);
  }
  const refs = place.git('for-each-ref', '--format=%(refname)');
  for (const { buildId, commit } of cancelled) {
    expect(refs).not.toContain(buildId);
    expect(() => place.git('cat-file', '-e', commit)).toThrow();
  }
  expect(place.git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
  expect((await place.run())?.kinds.repositories).toEqual({ count: 0, bytes: 0 });
}, 240_000);

test('O6: the code of a cancelled build is kept for the configured days, and for ever if it was released', async () => {
  place = makePlace(1);
  const [fresh, released] = [await place.build('fresh'), await place.build('released')];
  for (const build of [fresh, released]) await place.end(build, true);
  const intent = { number: 1, id: 'released.g1', commit: released.commit, buildId: 'released', turn: 1 };
  await place.documents.keepFirst('release-numbers', `${PROJECT}.1`, intent);
  await place.documents.keepFirst('release-live', `${PROJECT}.1`, { live: true });
  expect((await place.run([], { daysLater: 29 }))?.kinds.repositories.count).toBe(0);
  expect((await place.run())?.kinds.repositories.count).toBe(1);
  const refs = place.git('for-each-ref', '--format=%(refname)');
  expect(refs).toContain('released');
  expect(refs).not.toContain('fresh');
});

test('O6: an open build keeps its refs and every commit that it names, also one that no ref reaches', async () => {
  place = makePlace(1);
  const [open, gone] = [await place.build('open'), await place.build('gone')];
  await place.end(gone, true);
  const tree = place.git('rev-parse', `${open.base}^{tree}`);
  const [held = '', loose = ''] = ['held', 'loose'].map((name) => place.git('commit-tree', tree, '-m', name));
  await place.run([openBuild(open, { commit: held })]);
  expect(place.git('rev-parse', place.branch(open))).toBe(open.commit);
  expect(place.git('cat-file', '-t', held)).toBe('commit');
  expect(() => place.git('cat-file', '-e', loose)).toThrow();
  expect(place.git('for-each-ref', 'refs/reclaim')).toBe('');
});

test('O6: the refs of a build without record and workflow are removed when the configured days have passed', async () => {
  place = makePlace(1);
  const build = await place.build('deleted');
  const branches = () => place.git('for-each-ref', '--format=%(refname)', 'refs/heads');
  for (const daysLater of [40, 60]) {
    await place.run([], { daysLater });
    expect(branches()).toContain('deleted');
  }
  // The build was open in between, so the days count again from the start.
  await place.run([openBuild(build, {})], { daysLater: 65 });
  for (const daysLater of [75, 104]) {
    await place.run([], { daysLater });
    expect(branches()).toContain('deleted');
  }
  await place.run([], { daysLater: 106 });
  expect(branches()).toBe('');
});

test('O6: unnamed artifacts are removed; those that a record or an open build names stay, also if an output names them', async () => {
  place = makePlace(1);
  const build = await place.build('b1');
  await place.end(build, true);
  const put = async (text: string) => (await place.artifacts.put(text)).digest;
  const [unnamed, inner] = [await put('nobody names me'), await put('inner')];
  const outer = await put(JSON.stringify({ digest: inner }));
  await place.run([openBuild({ buildId: 'b2' }, { outputs: { planning: { digest: outer } } })]);
  expect([build.diff, outer, inner, unnamed].map(place.isThere)).toEqual([true, true, true, false]);
  await place.run();
  expect([build.diff, outer, inner].map(place.isThere)).toEqual([true, false, false]);
});

test('O6: the age of an artifact starts again when it is stored again', async () => {
  place = makePlace(1);
  const { digest } = await place.artifacts.put('found again');
  const hex = digest.slice('sha256:'.length);
  const file = join(place.folders.artifacts, hex.slice(0, 2), hex);
  utimesSync(file, 1, 1);
  await place.artifacts.put('found again');
  expect(statSync(file).mtimeMs).toBeGreaterThan(Date.now() - 3_600_000);
  await place.run([], { daysLater: 29 });
  expect(place.isThere(digest)).toBe(true);
});

test('O6: the substitute of a removed artifact stays as long as the removed artifact is named', async () => {
  place = makePlace(1);
  const build = await place.build('b1');
  await place.end(build, true);
  const shown = await place.artifacts.exchange(build.diff, '[redacted]');
  await place.run();
  expect(place.isThere(shown.digest)).toBe(true);
  expect((await place.artifacts.get(build.diff)).toString()).toBe('[redacted]');
});

test('O6: if an open build does not answer, repositories stay, and everything that is younger than it', async () => {
  place = makePlace(1);
  const gone = await place.build('gone');
  await place.end(gone, true);
  const { digest } = await place.artifacts.put('younger');
  const done = await place.run([openBuild({ buildId: 'silent' }, null)]);
  expect(done?.notes).toEqual([expect.stringContaining(`${PROJECT}.silent did not answer`)]);
  expect(place.isThere(digest)).toBe(true);
  expect(place.git('rev-parse', place.branch(gone))).toBe(gone.commit);
});

test('O6: journals and cached measurements that are older than every open build are removed; model calls stay', async () => {
  place = makePlace(1);
  const write = createAnswerJournals(place.folders.journals).of('a-key').begin({ request: 'r', contentType: 'c' });
  write(Buffer.from('x'));
  write(Buffer.alloc(0));
  const folder = join(place.folders.journals, sha256('a-key'));
  await place.documents.replace('packages', 'npm-left-pad', {} as never);
  await place.documents.replace('calls', 'shop.b1.planning.g1.a1.s1', {} as never);
  await place.run([openBuild({ buildId: 'b1' }, {})]);
  expect(existsSync(folder)).toBe(true);
  await place.run();
  expect(existsSync(folder)).toBe(false);
  expect(await place.documents.list('packages', '')).toEqual([]);
  expect(await place.documents.list('calls', '')).toHaveLength(1);
});

test('O6: copies of the live release, its predecessors, the newest releases and those of open builds stay', async () => {
  place = makePlace(1);
  const { documents } = place;
  const root = join(place.folders.releases, PROJECT, 'releases');
  const COUNT = 20;
  for (let number = 1; number <= COUNT; number++) {
    mkdirSync(join(root, String(number)), { recursive: true });
    writeFileSync(join(root, String(number), 'index.html'), String(number));
    const intent = { number, id: `b${number}.g1`, commit: 'c'.repeat(40), buildId: `b${number}`, turn: 1 };
    await documents.keepFirst('release-numbers', `${PROJECT}.${number}`, intent);
    await documents.keepFirst('release-live', `${PROJECT}.${number}`, { live: true });
    const previous = number === 1 ? null : { number: number - 1, at: `releases/${number - 1}`, settled: true };
    await documents.replace('release-previous', `${PROJECT}.${number}`, { previous });
  }
  // Release 10 was restored; 9 was undone, so the kept predecessors are 8, 7 and 6.
  await documents.keepFirst('release-undone', `${PROJECT}.9`, { undone: true });
  await documents.replace('release-current', PROJECT, { number: 10 });
  const open = [openBuild({ buildId: 'b2' }, {})];
  const looked = await place.run(open, { isDryRun: true });
  expect(readdirSync(root)).toHaveLength(COUNT);
  const done = await place.run(open);
  const left = readdirSync(root)
    .map(Number)
    .sort((a, b) => a - b);
  expect(left).toEqual([2, 6, 7, 8, 9, 10, 18, 19, 20]);
  expect(done?.kinds.releases.count).toBe(COUNT - left.length);
  expect(looked?.kinds.releases).toEqual(done?.kinds.releases);
  expect(await documents.list('release-reclaimed', '')).toHaveLength(COUNT - left.length);
});

test('O6: only one job runs in a data folder at a time', async () => {
  place = makePlace(1);
  const both = await Promise.all([place.run(), place.run()]);
  expect(both.filter((done) => done === null)).toHaveLength(1);
});
