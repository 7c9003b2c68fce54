/**
 * Tests a build whose stored start request has an unknown field, on a real server: it names the field and waits for a person.
 */
import { startBuild, until } from '../fixture';
import { ALL_EXTERNAL, serveApi } from '../api/served';
import type { Api } from '../api/served';
import { buildQuery } from '../../src/workflows/messages';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';

const ALL_LLM = Object.fromEntries(ROLES.map((role) => [role, 'llm'])) as Record<Role, RoleMode>;

let api: Api;
let request: string;
beforeAll(async () => {
  api = await serveApi();
  const document = { user_id: 'ada', project_id: 'shop', build_id: 'b1', requirements: 'Dark mode', colour: 'red' };
  request = (await api.stack.deps.artifacts.put(JSON.stringify(document))).digest;
});
afterAll(() => api.stop());

test('no model is called: the build waits in error, and its failure names the field and the digest', async () => {
  const projectId = api.newProject();
  const handle = await startBuild(api.stack, { start: { projectId, request, roles: ALL_LLM } });
  const build = await until(
    () => handle.query(buildQuery),
    ({ state }) => state === 'error',
  );
  expect(build.failure).toMatchObject({
    type: 'Request.Unreadable',
    message: `the start request ${request} cannot be read: colour is not a field here`,
  });
  await handle.terminate();
});

test('GET /prompt answers with the error; an advance still succeeds, with `requirements: null` in its response', async () => {
  const [projectId, buildId] = [api.newProject(), 'b1'];
  const handle = await startBuild(api.stack, { start: { projectId, buildId, request, roles: ALL_EXTERNAL } });
  const path = `/api/workflows/${projectId}.${buildId}`;
  expect(await api.get(`${path}/prompt`)).toMatchObject({
    status: 500,
    body: {
      type: 'urn:q-orchestrator:problem:request-unreadable',
      detail: `the start request ${request} cannot be read: colour is not a field here`,
    },
  });
  const advance = (role: Role, completed_state: string) =>
    api.post(`${path}/advance`, { role, completed_state, phase_result: { summary: 'done' } });
  await advance('q_assistant', 'discovery');
  const advanceAnswer = await advance('q_assistant', 'planning');
  expect(advanceAnswer).toMatchObject({ status: 200, body: { handoff_data: { requirements: null } } });
  await handle.terminate();
});
