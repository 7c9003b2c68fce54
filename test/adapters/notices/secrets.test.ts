/**
 * The secrets that sign notices: their file, by project, and the one that an installation makes for itself.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNoticeSecrets, readNoticeSecrets } from '../../../src/adapters/notices/secrets';
import { until } from '../../until';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'q-test-secrets-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));
const secret = (bytes = 32) => `whsec_${randomBytes(bytes).toString('base64')}`;

test('a project with secrets of its own signs with all of them, any other project with those of all projects', async () => {
  const [a, b, shop] = [secret(), secret(24), secret(64)];
  const file = join(folder, 'given');
  await writeFile(file, `# of all\n${a}\n\n  ${b}\nshop ${shop}\n`);
  const secretsOf = createNoticeSecrets({ file, isOwn: false });
  expect(await secretsOf('other')).toEqual([a, b]);
  expect(await secretsOf('shop')).toEqual([shop]);
  // A changed file is read again, so that a secret can be replaced while builds run.
  await writeFile(file, `${b}\n# a longer file than before, so that its size has changed, too: ${'x'.repeat(300)}\n`);
  expect(
    await until(
      () => secretsOf('shop'),
      ([first]) => first === b,
    ),
  ).toEqual([b]);
});

test('an installation without a file makes one secret, for its user alone, and keeps it', async () => {
  const file = join(folder, 'own', 'notice-secret');
  const [first, second] = [createNoticeSecrets({ file, isOwn: true }), createNoticeSecrets({ file, isOwn: true })];
  const made = await Promise.all([first('shop'), second('shop'), first('other')]);
  const [line = ''] = (await readFile(file, 'utf8')).split('\n');
  expect(line).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(made).toEqual([[line], [line], [line]]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.each([
  ['', 'has no secret'],
  ['# only a comment', 'has no secret'],
  ['secret', 'is wrong in line 1'],
  [`${secret()}\nwhsec_short`, 'is wrong in line 2'],
  [secret(23), 'is wrong in line 1'],
  [secret(65), 'is wrong in line 1'],
  [`a.b ${secret()}`, 'is wrong in line 1'],
  [`a b ${secret()}`, 'is wrong in line 1'],
])('a file with the text %j is refused, and the message has no secret', (text, message) => {
  const refusal = (() => {
    try {
      return JSON.stringify(readNoticeSecrets(text));
    } catch (error) {
      return (error as Error).message;
    }
  })();
  expect(refusal).toContain(message);
  expect(refusal).not.toMatch(/whsec_[A-Za-z0-9+/]{6}/);
});
