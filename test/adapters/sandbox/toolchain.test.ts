/** P4: the sandbox shows programs in the worker's home folder at the same path, and nothing else of the home. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { findToolchain } from '../../../src/adapters/sandbox/toolchain';

let place: string;
let home: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'q-home-'));
  home = join(place, 'ada');
  mkdirSync(home);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function writeProgram(path: string, text: string): string {
  const fullPath = join(home, path);
  mkdirSync(dirname(fullPath), { recursive: true });
  writeFileSync(fullPath, `#!/bin/sh\necho ${text}\n`, { mode: 0o755 });
  return fullPath;
}

function writeSecret(path: string): string {
  const fullPath = join(home, path);
  mkdirSync(dirname(fullPath), { recursive: true });
  writeFileSync(fullPath, 'secret-of-the-home', { mode: 0o600 });
  return fullPath;
}

/** Returns the output of a script in the sandbox of a worker with a closed home and these folders on its PATH. */
function outputOf(path: string[], script: string, env: Record<string, string> = {}): Promise<string> {
  chmodSync(home, 0o700);
  chmodSync(place, 0o755);
  const worker = { env: { PATH: [...path.map((one) => join(home, one)), '/usr/bin'].join(':'), ...env }, home };
  const sandbox = createBubblewrap({ worker });
  return sandbox.withScratch(async (folder) => {
    const run = { folder, command: ['sh', '-c', script], timeoutMs: 20_000 };
    return (await sandbox.run(run)).output;
  });
}

test('P4: pyenv, rustup, nvm, sdkman, go and ~/.local/bin work below a closed home, at the same paths', async () => {
  writeProgram('.pyenv/shims/python9', 'pyenv');
  mkdirSync(join(home, '.pyenv/versions'), { recursive: true });
  writeProgram('.cargo/bin/cargo9', 'cargo with $RUSTUP_HOME');
  mkdirSync(join(home, '.rustup/toolchains'), { recursive: true });
  writeProgram('.nvm/versions/node/v22.0.0/bin/node9', 'nvm');
  writeProgram('.sdkman/candidates/java/21/bin/java9', 'sdkman');
  symlinkSync('21', join(home, '.sdkman/candidates/java/current'));
  writeProgram('go/bin/gotool9', 'go');
  writeProgram('.local/share/pipx/venvs/x/bin/x9', 'pipx');
  mkdirSync(join(home, '.local/bin'), { recursive: true });
  symlinkSync(join(home, '.local/share/pipx/venvs/x/bin/x9'), join(home, '.local/bin/x9'));
  const path = [
    '.pyenv/shims',
    '.cargo/bin',
    '.nvm/versions/node/v22.0.0/bin',
    '.sdkman/candidates/java/current/bin',
    'go/bin',
    '.local/bin',
  ];
  const output = await outputOf(path, 'python9; cargo9; node9; java9; gotool9; x9; command -v python9');
  const expectedLines = [
    'pyenv',
    `cargo with ${home}/.rustup`,
    'nvm',
    'sdkman',
    'go',
    'pipx',
    `${home}/.pyenv/shims/python9`,
  ];
  expect(output).toBe(`${expectedLines.join('\n')}\n`);
});

test('P4: credentials and other files of the home are not shown', async () => {
  writeProgram('.cargo/bin/cargo9', 'cargo');
  writeProgram('go/bin/gotool9', 'go');
  writeProgram('.local/bin/tool9', 'local');
  const secrets = [
    '.cargo/credentials.toml',
    '.ssh/id_ed25519',
    '.netrc',
    '.npmrc',
    'go/pkg/mod/private/a.go',
    '.local/share/keyrings/a',
    '.m2/settings.xml',
  ].map(writeSecret);
  const output = await outputOf(
    ['.cargo/bin', 'go/bin', '.local/bin', '.ssh', ''],
    `cargo9; gotool9; tool9; cat ${secrets.join(' ')}; find ${home} -type f`,
  );
  expect(output).not.toContain('secret-of-the-home');
  expect(output).toMatch(/^cargo\ngo\nlocal\n/);
  const visibleFiles = output
    .split('\n')
    .filter((line) => line.startsWith(`${home}/`))
    .sort();
  expect(visibleFiles).toEqual(
    ['.cargo/bin/cargo9', '.local/bin/tool9', 'go/bin/gotool9'].map((path) => join(home, path)),
  );
});

test('a home folder, its parents, and folders of the system are never shown as a toolchain', async () => {
  const env = { PATH: `${home}:${place}:/usr/bin:/nowhere/bin:relative/bin` };
  const { shown, path } = await findToolchain({ env, home });
  expect(shown).toEqual([]);
  expect(path.split(':')).toEqual(expect.arrayContaining(['/usr/bin', '/bin']));
});

test('a changed toolchain is shown with its changes, and commands cannot change it', async () => {
  const file = writeProgram('.cargo/bin/cargo9', 'one');
  expect(await outputOf(['.cargo/bin'], 'cargo9')).toBe('one\n');
  rmSync(file);
  writeProgram('.cargo/bin/cargo9', 'two');
  const script = 'cargo9; echo x > "$(command -v cargo9)"; chmod 777 "$(command -v cargo9)"; cargo9';
  expect(await outputOf(['.cargo/bin'], script)).toMatch(/^two\n[^]*Read-only[^]*two\n$/);
});

test('package folders that npm adds to the PATH of a script are not shown', async () => {
  writeProgram('own/node_modules/.bin/tool9', 'of the worker');
  expect(await outputOf(['own/node_modules/.bin'], 'tool9 || echo none')).toMatch(/none\n$/);
});
