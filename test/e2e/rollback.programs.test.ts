/**
 * Rollback and retry on a real server with real git: the earlier state comes back exactly, and nothing is lost.
 */
import { join } from 'node:path';
import type { BuildState } from '../../src/domain/build/state';
import { branchNameOf, parkedRefOf } from '../../src/domain/ids';
import { makePage } from '../workflows/tested-page';
import { openStage, promptsOf } from '../workflows/stage';
import type { Run, Stage } from '../workflows/stage';
import { gitIn } from './a-project';

let stage: Stage;
let run: Run;
let repository: string;
let atPlanning: BuildState;
let atDeployment: BuildState;
let afterRollback: BuildState;
let secondDeployment: BuildState;

beforeAll(async () => {
  stage = await openStage();
  repository = makePage(stage.stack.config.dataDir, 'repository', { 'index.html': '<p>page</p>\n' });
  run = await stage.begin({
    roles: { release_manager: 'external' },
    request: { repository: { path: repository } },
    start: { projectId: 'shop' },
  });
  atPlanning = await run.reach('planning');
  atDeployment = await run.reach('deployment');
  await run.send('pause', { reason: 'to look at it', actor: 'ada' });
  await run.send('rollback', { target_state: 'planning', reason: 'the plan missed the print style', actor: 'ada' });
  afterRollback = await run.reach(({ owed }) => !owed.restoreTree && !owed.undoRelease);
  await run.send('resume', { reason: 'go on', actor: 'ada' });
  secondDeployment = await run.reach(({ state, generation }) => state === 'deployment' && generation === 2);
  await run.send('retry', { reason: 'check the contrast again', actor: 'ada' });
  await run.reach(({ state, attempts }) => state === 'deployment' && attempts.verification === 2);
  await run.handle.terminate();
});

afterAll(() => stage?.stop());

const project = () => join(stage.stack.config.dataDir, 'repositories/shop.git');
const tree = (commit: string | null) => gitIn(project(), 'rev-parse', `${commit}^{tree}`);

test('a rollback from deployment to planning restores the digest of the tree exactly', () => {
  const branch = branchNameOf(atDeployment);
  expect(tree(atDeployment.commit)).not.toBe(tree(atDeployment.base));
  expect(tree(afterRollback.commit)).toBe(gitIn(repository, 'rev-parse', 'HEAD^{tree}'));
  // The branch went back, too: its new commits begin at that commit.
  expect(gitIn(project(), 'merge-base', branch, atDeployment.commit as string)).toBe(afterRollback.commit);
});

test('outputs, evidence and answers are those with which planning began; feedback is only the reason', () => {
  const { outputs, evidence, answers, release } = afterRollback;
  expect({ outputs, evidence, answers, release }).toEqual({
    outputs: atPlanning.outputs,
    evidence: atPlanning.evidence,
    answers: atPlanning.answers,
    release: null,
  });
  expect(afterRollback).toMatchObject({
    state: 'planning',
    generation: 2,
    feedback: ['the plan missed the print style'],
  });
  expect(afterRollback.usage).toEqual(atDeployment.usage);
});

test('the abandoned work can be reached: its commit by a ref, its outputs and evidence by digest', async () => {
  const event = afterRollback.events.findLast(({ type }) => type === 'rolled_back');
  const parkedRef = parkedRefOf(afterRollback, 1);
  expect(event?.data).toMatchObject({ parked_as: parkedRef, abandoned_commit: atDeployment.commit });
  expect(gitIn(project(), 'rev-parse', parkedRef)).toBe(atDeployment.commit);
  for (const phase of ['planning', 'implementation', 'testing', 'verification'] as const) {
    const digest = String(event?.data[`abandoned_${phase}`]);
    expect(digest).toBe(atDeployment.outputs[phase]?.digest);
    expect((await stage.stack.deps.artifacts.get(digest)).length).toBeGreaterThan(0);
  }
  const log = await stage.stack.deps.artifacts.get(String(event?.data.abandoned_evidence));
  expect(log.length).toBeGreaterThan(0);
  // The scripted model costs nothing and says so.
  expect(event?.data.abandoned_calls).toBe(atDeployment.usage.calls - atPlanning.usage.calls);
});

test('the prompt of the new generation has the reason, and its commits do not continue the abandoned ones', () => {
  const [, prompt] = promptsOf(run, 'planning');
  expect(prompt).toContain('the plan missed the print style');
  expect(secondDeployment.commit).not.toBe(atDeployment.commit);
  expect(gitIn(project(), 'rev-parse', branchNameOf(secondDeployment))).toBe(secondDeployment.commit);
});

test('after a retry the previous role works again, with the reason in its prompt', () => {
  const calls = run.calls().filter(({ phase, generation }) => phase === 'verification' && generation === 2);
  expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
  const [, first, second] = promptsOf(run, 'verification');
  expect(first).not.toContain('check the contrast again');
  expect(second).toContain('check the contrast again');
});
