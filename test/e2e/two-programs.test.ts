/**
 * Two programs on one data folder share its Temporal server: builds go on, whichever of the programs ends first.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginProgram } from './a-program';
import type { Program } from './a-program';

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
  const [, url] = await program.seen(/^ready (http\S+)$/m);
  return { program, api: `${url}/api/workflows` };
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

const roles = { role: 'q_assistant', completed_state: 'discovery', phase_result: { summary: 'a toggle' } };

test.each(['SIGINT', 'SIGKILL'] as const)(
  'O2: where the first of two ends by %s, the builds of the second go on',
  async (signal) => {
    const first = await begin();
    const second = await begin();
    expect(second.program.said()).toContain('temporal: using the server that already runs');
    const start = { build_id: 'one', user_id: 'ada', requirements: 'Build me a dark mode feature' };
    expect(await post(`${first.api}/shop/start`, start)).toMatchObject({ status: 'started' });
    first.program.child.kill(signal);
    expect(await first.program.exitCode).toBe(signal === 'SIGINT' ? 0 : null);
    expect(await post(`${second.api}/shop.one/advance`, roles)).toMatchObject({ new_state: 'planning' });
    // The last one takes the server along.
    second.program.child.kill('SIGINT');
    expect(await second.program.exitCode).toBe(0);
    const third = await begin();
    expect(third.program.said()).toMatch(/temporal: started on/);
    expect(await (await fetch(`${third.api}/shop.one/status`)).json()).toMatchObject({ current_state: 'planning' });
  },
  300_000,
);
