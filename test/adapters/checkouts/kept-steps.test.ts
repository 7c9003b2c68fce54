/** Tests how long the outcome of a setup step is used: a result for the same tool versions, a failure for some minutes. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { createPlace } from './place';

const programs = mkdtempSync(join(tmpdir(), 'q-programs-'));
chmodSync(programs, 0o755);
const env = { ...(process.env as Record<string, string>), PATH: `${programs}:${process.env['PATH'] ?? ''}` };
const worker = { env, home: homedir() };
let place: ReturnType<typeof createPlace>;
beforeEach(() => (place = createPlace({ worker, timeoutMs: 60_000 }, createBubblewrap({ worker }))));
afterEach(() => place.stop());
afterAll(() => rmSync(programs, { recursive: true }));

/** Writes a fake python3 that makes environments with its version in a file, and installs nothing. `breaks`: a command to run first. */
function writePython(version: string, breaks = ''): void {
  const make = `mkdir -p /venv/bin && echo ${version} > /venv/made-by && printf '#!/bin/sh\\n' > /venv/bin/python`;
  const lines = [`[ "$*" = --version ] && echo ${version} && exit`, breaks, make, 'chmod +x /venv/bin/python'];
  writeFileSync(join(programs, 'python3'), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
}

test('packages that were installed for one version of the interpreter are not used for another version', async () => {
  const at = await place.commit({ 'requirements.txt': 'x\n' });
  for (const version of ['Python-1', 'Python-22']) {
    writePython(version);
    expect(await place.outputOf(at, ['cat', '/venv/made-by'])).toBe(`${version}\n`);
  }
});

test('an optional derived step is repeated some minutes after its failure, and not before', async () => {
  const at = await place.commit({ 'requirements.txt': 'x\n' });
  const readVersion = () => place.outputOf(at, ['cat', '/venv/made-by'], { overrides: { setup: ['true'] } });
  writePython('Python-3', 'exit 1');
  expect(await readVersion()).toMatch(/No such file/);
  writePython('Python-3');
  expect(await readVersion()).toMatch(/No such file/);
  const atMs = Date.now() + 5 * 60_000;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => atMs);
  expect(await readVersion()).toBe('Python-3\n');
  clock.mockRestore();
});
