/**
 * Tests the approval gates over the API: what is shown, who may decide, how a person edits the plan, what the start refuses.
 */
import { createHash } from 'node:crypto';
import type { State } from '../../src/domain/states';
import { buildQuery } from '../../src/workflows/messages';
import { advanceOf } from '../workflows/stage';
import { serveApi, until } from './served';
import type { Api, Body } from './served';
import { verifies } from '../requirements/verifies';

let api: Api;
let project: string;
beforeAll(async () => {
  api = await serveApi();
  project = api.newProject();
});
afterAll(() => api?.stop());

const PLAN = {
  summary: 'One page.',
  components: [{ name: 'Page', purpose: 'Greets.', files: ['index.html'] }],
  steps: [{ text: 'Write it.', requirement_ids: ['R1'] }],
  success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'It greets.', kind: 'new', tested_by: 'a test' }],
  ...{ testing_strategy: 'A test.', security_considerations: [], performance_considerations: [], timeline: 'Now.' },
};

let builds = 0;
/** Starts a build with external roles and takes it to the gate of the plan; gives its address and its open page. */
async function waitAtPlan(gate: object, alsoFor?: 'release') {
  const id = `b${++builds}`;
  const body = {
    build_id: id,
    user_id: 'ada',
    requirements: 'Dark mode',
    gates: { plan: gate, ...(alsoFor && { [alsoFor]: gate }) },
  };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  const at = `/api/workflows/${project}.${id}`;
  await api.post(`${at}/advance`, advance('discovery'));
  await api.post(`${at}/advance`, { ...advance('planning'), phase_result: PLAN });
  return { at, page: await openPage(at) };
}

function advance(state: State) {
  const { actor: _, ...wire } = advanceOf(state);
  return wire;
}

const OUTSIDE = [
  ...(['handoff_to_coder', 'implementation', 'handoff_to_tester', 'testing', 'handoff_to_verifier'] as const),
  'verification' as const,
];

/** The whole state of a build. */
async function stateOf(at: string): Promise<Body> {
  const state = await api.stack.client.workflow.getHandle(at.split('/').at(-1) ?? '').query(buildQuery);
  return { state };
}

async function openPage(at: string, former?: string): Promise<Body> {
  const isOpen = ({ open }: Body) => open?.length === 1 && open[0].digest !== former;
  return (await until(api, `${at}/approvals`, isOpen)).open[0];
}

const by = (name: string) => ({ 'x-actor': name });
const decide = (at: string, page: Body, name: string, how = 'approve') =>
  api.post(`${at}/${how}`, { gate: page.gate, digest: page.digest, reason: 'seen' }, by(name));

verifies('9.10');
test('a page shows all that is judged, who decides and until when; the digest is of exactly this content', async () => {
  const { at, page } = await waitAtPlan({
    approval: 'required',
    approvers: ['bob', 'cyd'],
    quorum: 2,
    expires_after: '2h',
  });
  expect(page).toMatchObject({
    ...{ gate: 'plan_approval', approvers: ['bob', 'cyd'], approvals: [], approvals_missing: 2, proposer: 'ada' },
    ...{ on_approve: 'continues with implementation', on_reject: 'goes back to planning with the reason', diff: null },
    content: { plan: PLAN, plan_source: 'claimed', criteria: PLAN.success_criteria, forecast: null, opening: 1 },
  });
  const text = await (await fetch(api.url + page.content_url)).text();
  expect(`sha256:${createHash('sha256').update(text).digest('hex')}`).toBe(page.digest);
  const { body: status } = await api.get(`${at}/status`);
  expect(status).toMatchObject({
    ...{ status: 'waiting', current_state: 'handoff_to_coder' },
    next_expectations: {
      task: expect.stringContaining('bob, cyd approves or rejects plan_approval'),
      deadline: page.deadline,
    },
  });
  expect(Date.parse(page.deadline) - Date.parse(page.found_at)).toBe(7_200_000);
  expect(await api.post(`${at}/advance`, advance('handoff_to_coder'))).toMatchObject({
    status: 409,
    body: { type: 'urn:q-orchestrator:problem:command-approval-needed' },
  });
});

test('a quorum needs different persons, of those who may decide; one may delegate', async () => {
  const gate = { approval: 'required', approvers: ['ada', 'bob', 'cyd'], quorum: 2, proposer_may_approve: false };
  const { at, page } = await waitAtPlan(gate);
  expect(await decide(at, page, 'eve')).toMatchObject({ status: 403, body: { field: 'actor', legal: gate.approvers } });
  expect(await decide(at, page, 'ada')).toMatchObject({ status: 403 });
  expect(await decide(at, page, 'bob')).toMatchObject({ status: 200 });
  expect(await decide(at, page, 'bob')).toMatchObject({ status: 409 });
  const delegate = (to: string) => api.post(`${at}/delegate`, { gate: page.gate, to, reason: 'away' }, by('cyd'));
  expect(await delegate('bob')).toMatchObject({ status: 409, body: { field: 'to' } });
  expect(await delegate('dan')).toMatchObject({ status: 200 });
  expect(await decide(at, page, 'cyd')).toMatchObject({ status: 403 });
  expect(await api.get(`${at}/status`)).toMatchObject({ body: { current_state: 'handoff_to_coder' } });
  expect(await decide(at, page, 'dan')).toMatchObject({ status: 200 });
  expect(await api.post(`${at}/advance`, advance('handoff_to_coder'))).toMatchObject({ status: 200 });
});

verifies('9.15');
test('a person edits the plan: the earlier approval is void, and the new page shows the difference', async () => {
  const { at, page } = await waitAtPlan({ approval: 'required', quorum: 2, proposer_may_approve: false });
  expect(await decide(at, page, 'bob')).toMatchObject({ status: 200 });
  const edit = (plan: object, digest: string) =>
    api.put(`${at}/plan`, { plan, expected_digest: digest, reason: 'shorter' }, by('cyd'));
  const wrong = await edit({ ...PLAN, colour: 'blue' }, page.digest);
  expect(wrong).toMatchObject({ status: 400, body: { field: 'plan.colour' } });
  const plan = { ...PLAN, summary: 'Half a page.' };
  expect(await edit(plan, `sha256:${'0'.repeat(64)}`)).toMatchObject({ status: 409, body: { legal: [page.digest] } });
  expect(await edit(plan, page.digest)).toMatchObject({ status: 200, body: { plan_edited: true, by: 'cyd' } });
  const next = await openPage(at, page.digest);
  expect(next).toMatchObject({ approvals: [], approvals_missing: 2, previous_digest: page.digest, proposer: 'cyd' });
  expect(next.content).toMatchObject({ plan_source: 'person', plan_by: 'cyd', plan: { summary: 'Half a page.' } });
  expect(next.diff).toContain('-  "summary": "One page."');
  expect(next.diff).toContain('+  "summary": "Half a page."');
  expect(await decide(at, page, 'dan')).toMatchObject({
    status: 409,
    body: { legal: [expect.stringContaining(next.digest)] },
  });
  expect(await decide(at, next, 'cyd')).toMatchObject({ status: 403 });
  expect(await decide(at, next, 'bob')).toMatchObject({ status: 200 });
});

test('the page of a release shows the commit that roles outside handed over', async () => {
  const { at, page } = await waitAtPlan({ approval: 'required' }, 'release');
  const files = [{ path: 'index.html', content: '<h1>Hello</h1>' }];
  await decide(at, page, 'bob');
  for (const state of OUTSIDE) {
    const result = state === 'implementation' ? { phase_result: { files } } : {};
    expect(await api.post(`${at}/advance`, { ...advance(state), ...result })).toMatchObject({ status: 200 });
  }
  const release = await openPage(at, page.digest);
  expect(release).toMatchObject({ gate: 'release_approval', content: { changed_files: ['index.html'] } });
  expect(release.content.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(await decide(at, release, 'bob')).toMatchObject({ status: 200 });
  const { state } = await stateOf(at);
  expect(state.passedGates.release).toMatchObject({ commit: release.content.commit, digest: release.digest });
});

test('an amended request makes the page void', async () => {
  const { at, page } = await waitAtPlan({ approval: 'required' });
  await api.patch(`${at}/request`, { commands: { test: ['npm', 'test'] }, reason: 'npm' });
  expect(await decide(at, page, 'bob')).toMatchObject({ status: 409 });
  const next = await openPage(at, page.digest);
  expect(next.content.commands).toEqual({ test: ['npm', 'test'] });
  expect(await decide(at, next, 'bob')).toMatchObject({ status: 200 });
});

test.each([
  [{ approval: 'maybe' }, 'gates.plan.approval'],
  [{ approval: 'required', expires_after: 'soon' }, 'gates.plan.expires_after'],
  [{ approval: 'required', expires_after: 0 }, 'gates.plan.expires_after'],
  [{ approval: 'required', on_expiry: 'reject' }, 'gates.plan.on_expiry'],
  [{ approval: 'required', approvers: ['bob'], quorum: 2 }, 'gates.plan.quorum'],
  [{ approval: 'required', approvers: [] }, 'gates.plan.approvers'],
  [{ approval: 'required', approvers: ['bob', 'bob'] }, 'gates.plan.approvers'],
  [{ approval: 'required', escalate_after: '1h' }, 'gates.plan.escalate_to'],
  [{ approval: 'required', quorum: 11 }, 'gates.plan.quorum'],
  [{ approval: 'required', colour: 'blue' }, 'gates.plan.colour'],
])('the start refuses a gate %j by the name of its field', async (plan, field) => {
  const body = { user_id: 'u', requirements: 'Dark mode', gates: { plan } };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 400, body: { field } });
});
