/**
 * The API refuses by name every feature that docs/contract.md marks as not built yet, and silently accepts none.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveApi } from '../api/served';
import type { Api } from '../api/served';
import { askRaw } from '../api/raw';
import { notBuiltIn } from './map';
import { verifies } from './verifies';

const OTHERS = ['GET /openapi.json', 'GET /docs', 'POST /mcp'];
const STREAM = 'text/event-stream';
const DASHBOARD = 'dashboard';

let api: Api;
let project: string;
beforeAll(async () => {
  api = await serveApi();
  project = api.newProject();
  const body = { build_id: 'b1', user_id: 'u', requirements: 'Dark mode' };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
});
afterAll(() => api?.stop());

test('the contract marks what is refused here, and nothing else, as not built yet', () => {
  const refused = [...OTHERS, STREAM, DASHBOARD];
  const marked = notBuiltIn(readFileSync(join(__dirname, '../../docs/contract.md'), 'utf8'));
  expect(marked.sort()).toEqual(refused.sort());
});

test('the marks of a document are the names behind them, each once', () => {
  const document =
    '- [1.1] Has `a`. Not built yet: `b` (why), `c`.\n- [1.2] Has `d`.\n- [1.3] Not built yet: `b`.\n`e`\n';
  expect(notBuiltIn(document)).toEqual(['b', 'c']);
});

verifies('9.1');
test('a field that `start` does not have is refused by name', async () => {
  const body = { build_id: 'b2', user_id: 'u', requirements: 'Dark mode', deadline: 'tomorrow' };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({
    status: 400,
    body: { type: 'urn:q-orchestrator:problem:request-malformed', field: 'deadline' },
  });
  expect(await api.get(`/api/workflows/${project}.b2/status`)).toMatchObject({ status: 404 });
});

verifies('9.16');
test.each(OTHERS)('%s is not built yet: 404', async (line) => {
  const [method = '', address = ''] = line.split(' ');
  const path = address.replace('{workflow_id}', `${project}.b1`).replace('{project_id}', project).replace('{id}', '1');
  const headers = { 'content-type': 'application/json' };
  const answer = await askRaw(api.url, { method, path, headers, body: method === 'GET' ? undefined : '{}' });
  expect({ status: answer.status, ...JSON.parse(answer.text) }).toMatchObject({
    ...{ status: 404, type: 'urn:q-orchestrator:problem:request-unknown-route' },
  });
});

verifies('9.15');
test('a stream of events is not built yet: who asks for one gets the events so far as JSON', async () => {
  const path = `/api/workflows/${project}.b1/events`;
  const answer = await askRaw(api.url, { method: 'GET', path, headers: { accept: STREAM } });
  expect(answer.headers['content-type']).toContain('application/json');
  expect(JSON.parse(answer.text)).toMatchObject({ events: [{ type: 'started' }] });
});

verifies('9.16');
test('a dashboard is not built yet: the page at / shows no build', async () => {
  const { status, body } = await api.get('/');
  expect(status).toBe(200);
  expect(body).not.toContain(project);
});
