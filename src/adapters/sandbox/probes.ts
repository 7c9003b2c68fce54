/**
 * The sandbox's test of itself: a program that tries to get out, and what must have become of it.
 *
 * Runs for real at worker start; a sandbox that was only configured holds nothing.
 */
import { randomBytes } from 'node:crypto';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SandboxResult } from '../../activities/deps';

type Run = (input: { folder: string; command: string[]; timeoutMs: number }) => Promise<SandboxResult>;

interface Findings {
  uid: number;
  canRead: boolean;
  canConnect: boolean;
  canWriteOutside: boolean;
  canWriteInside: boolean;
  variables: string[];
}

const PROGRAM = `
const fs = require('node:fs');
const can = (act) => { try { act(); return true; } catch { return false; } };
const [canary, port] = process.argv.slice(-2);
const environments = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map((pid) => {
  try { return fs.readFileSync('/proc/' + pid + '/environ', 'utf8'); } catch { return ''; }
});
const findings = {
  uid: process.getuid(),
  canRead: can(() => fs.readFileSync(canary)),
  canWriteOutside: ['/usr/q-probe', '/etc/q-probe', '/q-probe'].some((path) => can(() => fs.writeFileSync(path, ''))),
  canWriteInside: can(() => fs.writeFileSync('q-probe', '')),
  variables: [...new Set(environments.join('\\0').split('\\0').filter(Boolean).map((line) => line.split('=')[0]))],
};
const socket = require('node:net').connect(Number(port), '127.0.0.1');
const end = (canConnect) => {
  fs.writeSync(1, 'findings ' + JSON.stringify({ ...findings, canConnect }) + '\\n');
  process.exit(43);
};
socket.on('connect', () => end(true)).on('error', () => end(false));
`;

/** What is wrong, as half a sentence; undefined where every probe failed to get out. */
export async function probe(
  run: Run,
  place: { folder: string; outside: string; allowed: string[] },
): Promise<string | undefined> {
  const canary = join(place.outside, `q-canary-${randomBytes(6).toString('hex')}`);
  const listener = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  try {
    await writeFile(canary, 'canary');
    // Open to everybody, so that only the sandbox can be what hides it.
    await chmod(canary, 0o644);
    const { port } = listener.address() as AddressInfo;
    const command = ['node', '-e', PROGRAM, '--', canary, String(port)];
    return judge(await run({ folder: place.folder, command, timeoutMs: 20_000 }), place.allowed);
  } finally {
    listener.close();
    await rm(canary, { force: true });
  }
}

function judge(result: SandboxResult, allowed: string[]): string | undefined {
  const line = /^findings (.*)$/m.exec(result.output)?.[1];
  if (line === undefined) return `node does not run in it: ${result.output.trim().slice(0, 300) || 'no output'}`;
  const found = JSON.parse(line) as Findings;
  if (found.uid === 0) return 'commands run as root in it';
  if (found.canRead) return 'a file outside could be read from it';
  if (found.canConnect) return 'a port of this machine could be reached from it';
  if (found.canWriteOutside) return 'a place outside its folder could be written from it';
  if (!found.canWriteInside) return 'its own folder cannot be written from it';
  const foreign = found.variables.filter((name) => !allowed.includes(name));
  if (foreign.length > 0) return `variables of this process are seen in it: ${foreign.slice(0, 5).join(', ')}`;
  return result.exitCode === 43 ? undefined : `exit codes do not come through: 43 became ${result.exitCode}`;
}
