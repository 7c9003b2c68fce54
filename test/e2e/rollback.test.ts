/**
 * Rollback and retry on a real server with real git: what comes back is exactly what was, and nothing is lost.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildState } from '../../src/domain/build/state';
import { branchNameOf, parkedRefOf } from '../../src/domain/ids';
import { buildQuery, commandUpdates } from '../../src/workflows/messages';
import { DARK_MODE_SCRIPT, startBuild, startStack, until } from '../fixture';
import type { Stack } from '../fixture';
import { gitIn, makeProject, overhear } from './a-project';

let stack: Stack;
let repository: string;
let heard: ReturnType<typeof overhear>;
let atPlanning: BuildState;
let atDeployment: BuildState;
let rolledBack: BuildState;
let again: BuildState;

beforeAll(async () => {
  repository = makeProject();
  stack = await startStack({ env: { MODEL: `scripted:${DARK_MODE_SCRIPT}` } });
  heard = overhear(stack);
  const external = { release_manager: 'external' as const };
  const request = { repository: { path: repository } };
  const roles = { q_assistant: 'llm', code_writer: 'llm', test_auditor: 'llm', verification_overseer: 'llm' } as const;
  const handle = await startBuild(stack, { request, start: { roles: { ...roles, ...external } } });
  const query = () => handle.query(buildQuery);
  atPlanning = await until(query, ({ state }) => state === 'planning');
  atDeployment = await until(query, ({ state }) => state === 'deployment', 40_000);
  await handle.executeUpdate(commandUpdates.pause, { args: [{ reason: 'to look at it', actor: 'ada' }] });
  await handle.executeUpdate(commandUpdates.rollback, {
    args: [{ target_state: 'planning', reason: 'the plan missed the print style', actor: 'ada' }],
  });
  rolledBack = await until(query, ({ owed }) => !owed.restoreTree && !owed.undoRelease);
  await handle.executeUpdate(commandUpdates.resume, { args: [{ reason: 'go on', actor: 'ada' }] });
  again = await until(query, ({ state, generation }) => state === 'deployment' && generation === 2, 40_000);
  await handle.executeUpdate(commandUpdates.retry, { args: [{ reason: 'check the contrast again', actor: 'ada' }] });
  await until(query, ({ state, attempts }) => state === 'deployment' && attempts.verification === 2, 40_000);
  await handle.terminate();
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  rmSync(repository, { recursive: true, force: true });
});

const project = () => join(stack.config.dataDir, 'repositories/shop.git');
const tree = (commit: string | null) => gitIn(project(), 'rev-parse', `${commit}^{tree}`);

test('a rollback from deployment to planning restores the digest of the tree exactly', () => {
  const branch = branchNameOf(atDeployment);
  expect(tree(atDeployment.commit)).not.toBe(tree(atDeployment.base));
  expect(tree(rolledBack.commit)).toBe(gitIn(repository, 'rev-parse', 'HEAD^{tree}'));
  // The branch itself went back too; what it holds now grew from there.
  expect(gitIn(project(), 'merge-base', branch, atDeployment.commit as string)).toBe(rolledBack.commit);
});

test('outputs, evidence and answers are those with which planning began; feedback is the reason alone', () => {
  const { outputs, evidence, answers, release } = rolledBack;
  expect({ outputs, evidence, answers, release }).toEqual({
    outputs: atPlanning.outputs,
    evidence: atPlanning.evidence,
    answers: atPlanning.answers,
    release: null,
  });
  expect(rolledBack).toMatchObject({ state: 'planning', generation: 2, feedback: ['the plan missed the print style'] });
  expect(rolledBack.usage).toEqual(atDeployment.usage);
});

test('the abandoned work can be reached: its commit by a ref, its outputs and evidence by digest', async () => {
  const event = rolledBack.events.findLast(({ type }) => type === 'rolled_back');
  const parked = parkedRefOf(rolledBack, 1);
  expect(event?.data).toMatchObject({ parked_as: parked, abandoned_commit: atDeployment.commit });
  expect(gitIn(project(), 'rev-parse', parked)).toBe(atDeployment.commit);
  for (const phase of ['planning', 'implementation', 'testing', 'verification'] as const) {
    const digest = String(event?.data[`abandoned_${phase}`]);
    expect(digest).toBe(atDeployment.outputs[phase]?.digest);
    expect((await stack.deps.artifacts.get(digest)).length).toBeGreaterThan(0);
  }
  const log = await stack.deps.artifacts.get(String(event?.data.abandoned_evidence));
  expect(log.length).toBeGreaterThan(0);
  // The scripted model costs nothing and says so.
  expect(event?.data.abandoned_calls).toBe(atDeployment.usage.calls - atPlanning.usage.calls);
});

test('the new generation is asked with the reason and builds a line of its own', () => {
  const asked = heard.find(({ phase, generation }) => phase === 'planning' && generation === 2);
  expect(asked?.text).toContain('the plan missed the print style');
  expect(again.commit).not.toBe(atDeployment.commit);
  expect(gitIn(project(), 'rev-parse', branchNameOf(again))).toBe(again.commit);
});

test('a retry has the previous role do its work again, with the reason in its prompt', () => {
  const asked = heard.filter(({ phase, generation }) => phase === 'verification' && generation === 2);
  expect(asked.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(asked[0]?.text).not.toContain('check the contrast again');
  expect(asked[1]?.text).toContain('check the contrast again');
});
