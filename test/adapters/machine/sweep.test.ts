/** Tests that the sweep removes the leftovers of killed processes and nothing else. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sweep } from '../../../src/adapters/machine/sweep';
import { makeTemporary } from '../../../src/adapters/machine/temporaries';
import { leftoversOf } from '../../../src/programs/data-folders';

let place: string;
beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'q-sweep-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const runSweep = () =>
  sweep(
    leftoversOf(
      { dataDir: join(place, 'data'), cacheDir: join(place, 'cache'), firstUid: undefined },
      { temporary: join(place, 'tmp'), packages: join(place, 'packages'), toolchains: join(place, 'toolchains') },
    ),
  );
const DAY_MS = 86_400_000;

function writeOldFile(path: string, ageMs = 0): string {
  const fullPath = join(place, path);
  mkdirSync(dirname(fullPath), { recursive: true });
  writeFileSync(fullPath, 'x');
  const when = new Date(Date.now() - ageMs);
  utimesSync(fullPath, when, when);
  return fullPath;
}

function makeOldFolder(path: string, ageMs = 0): string {
  writeOldFile(join(path, 'inner'));
  const when = new Date(Date.now() - ageMs);
  utimesSync(join(place, path), when, when);
  return join(place, path);
}

test('the scratch folder of a killed worker is removed, that of a running worker stays', async () => {
  mkdirSync(join(place, 'tmp'));
  const ownFolder = await makeTemporary(join(place, 'tmp'), 'scratch');
  const program = `require('tsx/cjs'); require(${JSON.stringify(join(__dirname, '../../../src/adapters/machine/temporaries.ts'))})
    .makeTemporary(${JSON.stringify(join(place, 'tmp'))}, 'scratch').then((path) => { console.log(path); setInterval(() => {}, 1000); });`;
  const worker = spawn(process.execPath, ['-e', program], {
    cwd: join(__dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const workerFolder = String(await new Promise((resolve) => worker.stdout.once('data', resolve))).trim();
  writeFileSync(join(workerFolder, 'a'), '');
  await runSweep();
  expect([existsSync(ownFolder), existsSync(workerFolder)]).toEqual([true, true]);
  await new Promise((resolve) => worker.on('close', resolve).kill('SIGKILL'));
  await runSweep();
  expect([existsSync(ownFolder), existsSync(workerFolder)]).toEqual([true, false]);
});

test('incomplete releases, temporary files, renamed repositories and old dependencies are removed once they are old', async () => {
  const hex = (length: number) => 'a'.repeat(length);
  const leftovers = [
    `data/releases/shop/releases/.3.${hex(12)}.partial`,
    `data/repositories/shop.git.${hex(12)}.new`,
    `packages/.${hex(64)}.77.${hex(12)}.partial`,
    `packages/${hex(64)}`,
    'data/repositories/shop.git/objects/tmp_objdir-incoming-Ab12',
  ].map((path) => makeOldFolder(path, 30 * DAY_MS));
  leftovers.push(
    writeOldFile(`data/artifacts/.${hex(18)}.tmp`, DAY_MS),
    writeOldFile(`data/artifacts/ab/.${hex(18)}.tmp`, DAY_MS),
    writeOldFile(`data/releases/shop/.current.${hex(12)}`, DAY_MS),
    writeOldFile(`data/documents/records/.${hex(18)}.tmp`, DAY_MS),
    writeOldFile('data/repositories/shop.git/objects/pack/tmp_pack_Ab12', DAY_MS),
  );
  const keptPaths = [
    makeOldFolder('data/releases/shop/releases/3', 30 * DAY_MS),
    makeOldFolder(`data/releases/shop/releases/.4.${hex(12)}.partial`),
    makeOldFolder(`packages/${'b'.repeat(64)}`, DAY_MS),
    writeOldFile(`data/artifacts/ab/${hex(64)}`, 30 * DAY_MS),
    writeOldFile(`data/artifacts/ab/.${'b'.repeat(18)}.tmp`),
    writeOldFile('data/documents/records/x.json', 30 * DAY_MS),
    writeOldFile('data/repositories/shop.git/objects/pack/pack-1.pack', 30 * DAY_MS),
    makeOldFolder('tmp/q-scratch-mine', 30 * DAY_MS),
    makeOldFolder('tmp/something-else', 30 * DAY_MS),
  ];
  await runSweep();
  expect(leftovers.filter(existsSync)).toEqual([]);
  expect(keptPaths.filter((path) => !existsSync(path))).toEqual([]);
});

test('a link with the name of a scratch folder stays, and so does its target', async () => {
  mkdirSync(join(place, 'tmp'));
  const victim = makeOldFolder('victim');
  symlinkSync(victim, join(place, 'tmp/q-scratch-1.99999999.1-abcdef'));
  await runSweep();
  expect(readdirSync(victim)).toEqual(['inner']);
  expect(readdirSync(join(place, 'tmp'))).toHaveLength(1);
});

test('the journal of a build that waits for months stays, so that its answer is paid for only once', async () => {
  const journal = makeOldFolder(`data/journals/${'c'.repeat(64)}`, 400 * DAY_MS);
  await runSweep();
  expect(readdirSync(journal)).toEqual(['inner']);
});
