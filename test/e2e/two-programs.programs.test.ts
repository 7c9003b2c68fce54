/**
 * Two programs on one data folder share its Temporal server: builds continue, whichever program ends first.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginProgram } from './a-program';
import type { Program } from './a-program';
import { verifies } from '../requirements/verifies';

let folder: string;
let programs: Program[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-two-'));
  programs = [];
});
afterEach(async () => {
  for (const { child, exitCode } of programs) {
    child.kill('SIGINT');
    await exitCode;
  }
  rmSync(folder, { recursive: true, force: true });
});

async function begin(): Promise<{ program: Program; api: string }> {
  const program = beginProgram({ name: 'start', folder });
  programs.push(program);
  const [, url] = await program.waitFor(/^ready (http\S+)$/m);
  return { program, api: `${url}/api/workflows` };
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

const resultOf = (state: 'discovery' | 'planning') => ({
  ...{ role: 'q_assistant', completed_state: state, phase_result: { summary: 'a toggle' } },
});

verifies('9.18');
test('O2: if one of two programs ends by SIGINT or by SIGKILL, the builds continue in the other', async () => {
  const first = await begin();
  const second = await begin();
  expect(second.program.output()).toContain('temporal: using the server that already runs');
  const start = { build_id: 'one', user_id: 'ada', requirements: 'Build me a dark mode feature' };
  expect(await post(`${first.api}/shop/start`, start)).toMatchObject({ status: 'started' });
  first.program.child.kill('SIGINT');
  expect(await first.program.exitCode).toBe(0);
  expect(await post(`${second.api}/shop.one/advance`, resultOf('discovery'))).toMatchObject({ new_state: 'planning' });
  const third = await begin();
  second.program.child.kill('SIGKILL');
  expect(await second.program.exitCode).toBe(null);
  const advanceAnswer = await post(`${third.api}/shop.one/advance`, resultOf('planning'));
  expect(advanceAnswer).toMatchObject({ new_state: 'handoff_to_coder' });
  // The last program ends the server. test/faults/restart.chaos.test.ts tests what the server has kept.
  expect(serverProcesses(folder)).toHaveLength(1);
  third.program.child.kill('SIGINT');
  expect(await third.program.exitCode).toBe(0);
  expect(serverProcesses(folder)).toEqual([]);
}, 300_000);

/** Returns the command lines that name the folder: those of its Temporal server. */
function serverProcesses(dataDir: string): string[] {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(dataDir));
}
