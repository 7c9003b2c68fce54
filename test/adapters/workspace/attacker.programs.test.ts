/** An attacker replaces folders by links while a tree is written or copied: nothing outside is written or read. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree } from '../../../src/adapters/machine/copy-tree';
import { makePlace } from './git-fixture';

let place: ReturnType<typeof makePlace>;
let attacker: ChildProcess | undefined;
beforeEach(() => {
  place = makePlace();
  mkdirSync(join(place.folder, 'victim/inner'), { recursive: true });
});
afterEach(async () => {
  if (attacker !== undefined) await new Promise((resolve) => attacker?.on('close', resolve).kill('SIGKILL'));
  attacker = undefined;
  place.remove();
});

/** Replaces the folder `name` by a link to the victim and back, as fast as possible. */
async function attack(places: string, name: string): Promise<void> {
  const program = `
    const fs = require('node:fs');
    const [places, name, victim] = process.argv.slice(1);
    const act = (run) => { try { run(); } catch {} };
    console.log('begun');
    for (;;) for (const place of fs.readdirSync(places).slice(-1)) {
      const [at, aside] = [places + '/' + place + '/' + name, places + '/' + place + '/.aside'];
      act(() => { fs.renameSync(at, aside); fs.symlinkSync(victim, at); });
      act(() => { if (fs.lstatSync(at).isSymbolicLink()) fs.unlinkSync(at); });
      act(() => fs.renameSync(aside, at));
    }`;
  attacker = spawn(process.execPath, ['-e', program, places, name, join(place.folder, 'victim')]);
  await new Promise((resolve) => attacker?.stdout?.once('data', resolve));
}

/** The number of conflicts with the attacker after which a test ends, because the attacker slows down the whole machine. */
const MAX_CONFLICTS = 15;
const ROUNDS = 60;

const victimFiles = () => readdirSync(join(place.folder, 'victim'), { recursive: true }).map(String).sort();

test('a checkout never writes through a folder that became a link', async () => {
  const build = { projectId: 'shop', buildId: 'b1' };
  const base = { ...build, ...(await place.workspace.prepare(build)) };
  const changes = Array.from({ length: 60 }, (_, n) => ({ path: `a/inner/f${n}`, content: 'x' }));
  const { commit } = await place.workspace.apply(base, changes, 'm');
  const places = join(place.folder, 'out');
  mkdirSync(places);
  await attack(places, 'a');
  let conflicts = 0;
  for (let round = 0; round < ROUNDS && conflicts < MAX_CONFLICTS; round += 1) {
    const folder = join(places, String(100 + round));
    mkdirSync(folder);
    const outcome = await place.workspace.checkout({ ...build, commit }, folder).then(
      () => 'done',
      () => 'refused',
    );
    if (outcome === 'refused') conflicts += 1;
    expect(victimFiles()).toEqual(['inner']);
  }
  // The attacker did replace folders during the test.
  expect(conflicts).toBeGreaterThan(0);
});

/** Returns the texts of all files of a folder. */
function readTexts(from: string): string[] {
  return readdirSync(from, { withFileTypes: true }).flatMap((entry) => {
    const path = join(from, entry.name);
    if (entry.isDirectory()) return readTexts(path);
    return entry.isFile() ? [readFileSync(path, 'utf8')] : [];
  });
}

test('a copy never reads through a folder that became a link', async () => {
  for (let n = 0; n < 40; n += 1) writeFileSync(join(place.folder, 'victim', `f${n}`), 'secret');
  const from = join(place.folder, 'places/built');
  mkdirSync(join(from, 'a'), { recursive: true });
  for (let n = 0; n < 40; n += 1) writeFileSync(join(from, 'a', `f${n}`), 'own');
  await attack(join(place.folder, 'places'), 'a');
  let conflicts = 0;
  for (let round = 0; round < ROUNDS && conflicts < MAX_CONFLICTS; round += 1) {
    const to = join(place.folder, `copy${round}`);
    const outcome = await copyTree(from, to).then(
      () => 'done',
      () => 'refused',
    );
    const texts = readTexts(to);
    // The copy was refused, or it left out the replaced folder.
    if (outcome === 'refused' || texts.length < 40) conflicts += 1;
    expect(texts).not.toContain('secret');
  }
  expect(conflicts).toBeGreaterThan(0);
});

test('a pipe, an endless file and too many files do not block a copy', async () => {
  const from = join(place.folder, 'built');
  mkdirSync(from);
  for (let n = 0; n < 20; n += 1) writeFileSync(join(from, `f${n}`), 'x'.repeat(1_000));
  const copy = (name: string, limits: { bytes: number; entries: number }) =>
    copyTree(from, join(place.folder, name), limits);
  await expect(copy('b', { bytes: 10_000, entries: 100 })).rejects.toMatchObject({ type: 'Workspace.TooLarge' });
  await expect(copy('e', { bytes: 100_000, entries: 10 })).rejects.toMatchObject({ type: 'Workspace.TooLarge' });
  await copy('fits', { bytes: 20_000, entries: 20 });
});
