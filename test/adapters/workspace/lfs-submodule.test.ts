/** Tests an LFS file in a submodule; its LFS object is only in the local clone (R14). */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn, makePlace, makeUpstream } from './git-fixture';

const LOGO = Buffer.from('a picture, many bytes of it');
const oidOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const pointerTo = (content: Buffer) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(content)}\nsize ${content.length}\n`;
const build = { projectId: 'shop', buildId: 'b1' };
let place: ReturnType<typeof makePlace>;
beforeEach(() => (place = makePlace()));
afterEach(() => place.remove());

test('R14: a checkout has the content of an LFS file of a submodule', async () => {
  const folder = mkdtempSync(join(place.folder, 'l-'));
  const library = makeUpstream(folder, (to) => writeFileSync(join(to, 'logo.png'), pointerTo(LOGO)));
  const path = makeUpstream(place.folder, (to) => writeFileSync(join(to, 'a.txt'), 'one\n'));
  gitIn(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  gitIn(path, 'commit', '--quiet', '-m', 'with a submodule');
  const oid = oidOf(LOGO);
  const objects = join(path, '.git/modules/lib/lfs/objects', oid.slice(0, 2), oid.slice(2, 4));
  mkdirSync(objects, { recursive: true });
  writeFileSync(join(objects, oid), LOGO);
  const at = { ...build, ...(await place.workspace.prepare({ ...build, repository: { path } })) };
  const out = mkdtempSync(join(place.folder, 'out-'));
  await place.workspace.checkout(at, out);
  expect(readFileSync(join(out, 'lib/logo.png'))).toEqual(LOGO);
});
