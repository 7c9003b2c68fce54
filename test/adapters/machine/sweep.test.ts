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

const run = () =>
  sweep(
    leftoversOf(
      { dataDir: join(place, 'data'), cacheDir: join(place, 'cache'), firstUid: undefined },
      { temporary: join(place, 'tmp'), packages: join(place, 'packages'), toolchains: join(place, 'toolchains') },
    ),
  );
const DAY_MS = 86_400_000;

function file(path: string, ageMs = 0): string {
  const whole = join(place, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, 'x');
  const when = new Date(Date.now() - ageMs);
  utimesSync(whole, when, when);
  return whole;
}

function folder(path: string, ageMs = 0): string {
  file(join(path, 'inner'));
  const when = new Date(Date.now() - ageMs);
  utimesSync(join(place, path), when, when);
  return join(place, path);
}

test('the scratch folder of a killed worker is removed, that of a running worker stays', async () => {
  mkdirSync(join(place, 'tmp'));
  const ours = await makeTemporary(join(place, 'tmp'), 'scratch');
  const program = `require('tsx/cjs'); require(${JSON.stringify(join(__dirname, '../../../src/adapters/machine/temporaries.ts'))})
    .makeTemporary(${JSON.stringify(join(place, 'tmp'))}, 'scratch').then((path) => { console.log(path); setInterval(() => {}, 1000); });`;
  const worker = spawn(process.execPath, ['-e', program], {
    cwd: join(__dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const theirs = String(await new Promise((resolve) => worker.stdout.once('data', resolve))).trim();
  writeFileSync(join(theirs, 'a'), '');
  await run();
  expect([existsSync(ours), existsSync(theirs)]).toEqual([true, true]);
  await new Promise((resolve) => worker.on('close', resolve).kill('SIGKILL'));
  await run();
  expect([existsSync(ours), existsSync(theirs)]).toEqual([true, false]);
});

test('incomplete releases, temporary files, renamed repositories and old dependencies are removed once they are old', async () => {
  const hex = (length: number) => 'a'.repeat(length);
  const leftovers = [
    `data/releases/shop/releases/.3.${hex(12)}.partial`,
    `data/repositories/shop.git.${hex(12)}.new`,
    `packages/.${hex(64)}.77.${hex(12)}.partial`,
    `packages/${hex(64)}`,
    'data/repositories/shop.git/objects/tmp_objdir-incoming-Ab12',
  ].map((path) => folder(path, 30 * DAY_MS));
  leftovers.push(
    file(`data/artifacts/.${hex(18)}.tmp`, DAY_MS),
    file(`data/artifacts/ab/.${hex(18)}.tmp`, DAY_MS),
    file(`data/releases/shop/.current.${hex(12)}`, DAY_MS),
    file(`data/documents/records/.${hex(18)}.tmp`, DAY_MS),
    file('data/repositories/shop.git/objects/pack/tmp_pack_Ab12', DAY_MS),
  );
  const kept = [
    folder('data/releases/shop/releases/3', 30 * DAY_MS),
    folder(`data/releases/shop/releases/.4.${hex(12)}.partial`),
    folder(`packages/${'b'.repeat(64)}`, DAY_MS),
    file(`data/artifacts/ab/${hex(64)}`, 30 * DAY_MS),
    file(`data/artifacts/ab/.${'b'.repeat(18)}.tmp`),
    file('data/documents/records/x.json', 30 * DAY_MS),
    file('data/repositories/shop.git/objects/pack/pack-1.pack', 30 * DAY_MS),
    folder('tmp/q-scratch-mine', 30 * DAY_MS),
    folder('tmp/something-else', 30 * DAY_MS),
  ];
  await run();
  expect(leftovers.filter(existsSync)).toEqual([]);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
});

test('a link with the name of a scratch folder stays, and so does its target', async () => {
  mkdirSync(join(place, 'tmp'));
  const victim = folder('victim');
  symlinkSync(victim, join(place, 'tmp/q-scratch-1.99999999.1-abcdef'));
  await run();
  expect(readdirSync(victim)).toEqual(['inner']);
  expect(readdirSync(join(place, 'tmp'))).toHaveLength(1);
});

test('the journal of a build that waits for months stays, so that its answer is paid for only once', async () => {
  const journal = folder(`data/journals/${'c'.repeat(64)}`, 400 * DAY_MS);
  await run();
  expect(readdirSync(journal)).toEqual(['inner']);
});
