/**
 * `npm run nodes` tests the product with the other Node versions that it supports, which npm installs as the package `node`.
 *
 * For each version it runs the demo from sentence to release, and the tests of code that depends on Node. Exits 1 if one fails.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const VERSIONS = ['20.19', '22', '24'];
/** The tests of code that depends on Node: processes, sockets, test runners, compiled workflow code, HTTP. */
const TESTS = [
  ...[
    'adapters/machine',
    'adapters/models',
    'adapters/runners',
    'adapters/sandbox/bubblewrap',
    'api/moves',
    'api/home',
  ],
  ...['domain', 'inspect', 'programs', 'requests', 'workflows/replay', 'workflows/commands'],
].map((path) => `test/${path}`);
const ROOT = join(__dirname, '../..');

function main(): void {
  const results = VERSIONS.flatMap((version) => tryVersion(version));
  for (const { what, isGood } of results) process.stdout.write(`${isGood ? 'good' : 'BAD '}  ${what}\n`);
  process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1;
}

function tryVersion(version: string): Array<{ what: string; isGood: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), 'q-node-'));
  // The user of the sandbox must be able to start this Node.
  chmodSync(folder, 0o755);
  try {
    writeFileSync(join(folder, 'package.json'), '{}');
    const isInstalled = runIn(folder, ['npm', 'install', '--no-audit', '--no-fund', `node@${version}`]);
    if (!isInstalled) return [{ what: `node ${version}: cannot be installed`, isGood: false }];
    const node = join(folder, 'node_modules/node/bin/node');
    const tsx = require.resolve('tsx/cjs');
    const runWithNode = (cwd: string, args: string[]) => runIn(cwd, [node, ...args], dirname(node));
    // The demo makes its data folder in its working folder.
    const demo = runWithNode(folder, ['--require', tsx, join(ROOT, 'src/programs/demo/main.ts')]);
    const tests = runWithNode(ROOT, [require.resolve('jest/bin/jest'), ...TESTS]);
    return [
      { what: `node ${version}: the demo`, isGood: demo },
      { what: `node ${version}: tests`, isGood: tests },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command, and returns whether it succeeded. `firstFolder` comes first on its PATH. */
function runIn(cwd: string, [file = '', ...args]: string[], firstFolder?: string): boolean {
  const PATH = [firstFolder, process.env.PATH].filter(Boolean).join(delimiter);
  return spawnSync(file, args, { cwd, env: { ...process.env, PATH }, stdio: 'inherit' }).status === 0;
}

main();
