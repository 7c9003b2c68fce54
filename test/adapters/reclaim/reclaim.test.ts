/** Tests what the job reclaims, and that it keeps everything that a record, an open build or a release names: real git, real files. */
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnswerJournals } from '../../../src/adapters/artifacts/answer-journals';
import { diskUse } from '../../../src/adapters/machine/du';
import { sha256 } from '../../../src/inspect/digest';
import { makePlace, openBuild, PROJECT } from './place';
import type { FinishedBuild, ReclaimPlace } from './place';

const MEGABYTE = 1024 ** 2;
let place: ReclaimPlace;
afterEach(() => place.remove());

test('O6: of 12 builds of a 3 MB repository, half cancelled, only the data of the other half remains after each reclaim', async () => {
  place = makePlace(3);
  const { repositories } = place.folders;
  const keptBuilds: FinishedBuild[] = [];
  const cancelledBuilds: FinishedBuild[] = [];
  const sizes: number[] = [];
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < 4; at++) {
      const build = await place.build(`b${round}-${at}`);
      await place.end(build, at % 2 === 1);
      (at % 2 === 1 ? cancelledBuilds : keptBuilds).push(build);
    }
    const bytesBefore = await diskUse([repositories]);
    const dryRun = await place.run([], { isDryRun: true });
    expect(await diskUse([repositories])).toBe(bytesBefore);
    expect(dryRun?.kinds.repositories.bytes).toBeGreaterThan(1.2 * MEGABYTE);
    const report = await place.run();
    expect(report?.notes).toEqual([]);
    expect(report?.projects[PROJECT]).toBeGreaterThan(1.2 * MEGABYTE);
    sizes.push(await diskUse([repositories]));
    expect(bytesBefore - (sizes.at(-1) ?? 0)).toBeGreaterThan(1.2 * MEGABYTE);
  }
  // Each round adds only two builds of 0.7 MB that are kept.
  for (const growth of sizes.slice(1).map((size, at) => size - (sizes[at] ?? 0))) {
    expect(growth).toBeLessThan(1.7 * MEGABYTE);
  }
  for (const build of keptBuilds) {
    expect(place.git('rev-parse', place.branch(build))).toBe(build.commit);
    place.git('rev-list', '--objects', '--quiet', build.commit);
  }
  const refs = place.git('for-each-ref', '--format=%(refname)');
  for (const { buildId, commit } of cancelledBuilds) {
    expect(refs).not.toContain(buildId);
    expect(() => place.git('cat-file', '-e', commit)).toThrow();
  }
  expect(place.git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
  expect((await place.run())?.kinds.repositories).toEqual({ count: 0, bytes: 0 });
}, 240_000);

test('O6: the code of a cancelled build is kept for the configured days, and for ever if it was released', async () => {
  place = makePlace(1);
  const [freshBuild, releasedBuild] = [await place.build('fresh'), await place.build('released')];
  for (const build of [freshBuild, releasedBuild]) await place.end(build, true);
  const intent = { number: 1, id: 'released.g1', commit: releasedBuild.commit, buildId: 'released', turn: 1 };
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
  const [buildAtWork, cancelledBuild] = [await place.build('open'), await place.build('gone')];
  await place.end(cancelledBuild, true);
  const tree = place.git('rev-parse', `${buildAtWork.base}^{tree}`);
  const [namedCommit = '', looseCommit = ''] = ['held', 'loose'].map((name) =>
    place.git('commit-tree', tree, '-m', name),
  );
  await place.run([openBuild(buildAtWork, { commit: namedCommit })]);
  expect(place.git('rev-parse', place.branch(buildAtWork))).toBe(buildAtWork.commit);
  expect(place.git('cat-file', '-t', namedCommit)).toBe('commit');
  expect(() => place.git('cat-file', '-e', looseCommit)).toThrow();
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

test('O6: unnamed artifacts are removed; those that a record or an open build names stay, also if only an output names them', async () => {
  place = makePlace(1);
  const build = await place.build('b1');
  await place.end(build, true);
  const put = async (text: string) => (await place.artifacts.put(text)).digest;
  const [unnamed, inner] = [await put('nobody names me'), await put('inner')];
  const outer = await put(JSON.stringify({ digest: inner }));
  await place.run([openBuild({ buildId: 'b2' }, { outputs: { planning: { digest: outer } } })]);
  expect([build.diff, outer, inner, unnamed].map(place.isStored)).toEqual([true, true, true, false]);
  await place.run();
  expect([build.diff, outer, inner].map(place.isStored)).toEqual([true, false, false]);
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
  expect(place.isStored(digest)).toBe(true);
});

test('O6: the substitute of a removed artifact stays as long as the removed artifact is named', async () => {
  place = makePlace(1);
  const build = await place.build('b1');
  await place.end(build, true);
  const substitute = await place.artifacts.exchange(build.diff, '[redacted]');
  await place.run();
  expect(place.isStored(substitute.digest)).toBe(true);
  expect((await place.artifacts.get(build.diff)).toString()).toBe('[redacted]');
});

test('O6: if an open build does not answer, repositories stay, and everything that is younger than it', async () => {
  place = makePlace(1);
  const cancelledBuild = await place.build('gone');
  await place.end(cancelledBuild, true);
  const { digest } = await place.artifacts.put('younger');
  const report = await place.run([openBuild({ buildId: 'silent' }, null)]);
  expect(report?.notes).toEqual([expect.stringContaining(`${PROJECT}.silent did not answer`)]);
  expect(place.isStored(digest)).toBe(true);
  expect(place.git('rev-parse', place.branch(cancelledBuild))).toBe(cancelledBuild.commit);
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
  const dryRun = await place.run(open, { isDryRun: true });
  expect(readdirSync(root)).toHaveLength(COUNT);
  const report = await place.run(open);
  const leftReleases = readdirSync(root)
    .map(Number)
    .sort((a, b) => a - b);
  expect(leftReleases).toEqual([2, 6, 7, 8, 9, 10, 18, 19, 20]);
  expect(report?.kinds.releases.count).toBe(COUNT - leftReleases.length);
  expect(dryRun?.kinds.releases).toEqual(report?.kinds.releases);
  expect(await documents.list('release-reclaimed', '')).toHaveLength(COUNT - leftReleases.length);
});

test('O6: only one job runs in a data folder at a time', async () => {
  place = makePlace(1);
  const reports = await Promise.all([place.run(), place.run()]);
  expect(reports.filter((report) => report === null)).toHaveLength(1);
});
