/**
 * Tests the page at `/` for people with a browser, and its links to lists in the Temporal Web UI.
 */
import { ApplicationFailure } from '@temporalio/common';
import { webUiLinks } from '../../src/api/web-ui';
import { until } from '../until';
import { ALL_EXTERNAL, serveApi } from './served';
import type { Api } from './served';
import { verifies } from '../requirements/verifies';

const webUi = { url: 'http://127.0.0.1:8233', namespace: 'default' };
let api: Api;
beforeAll(async () => {
  const discover = () => Promise.reject(ApplicationFailure.nonRetryable('the model refuses', 'Model.Rejected'));
  api = await serveApi({
    api: { webUi, roleDefaults: { ...ALL_EXTERNAL, q_assistant: 'llm' } },
    activities: { discover },
  });
});
afterAll(() => api?.stop());

verifies('9.16');
test('O8: a browser at / gets a page with links to the list, health and the Web UI, under a strict policy', async () => {
  const { status, headers, body } = await api.get('/');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-anc/,
  );
  expect(policy).not.toContain('unsafe');
  const links = [...(body as string).matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&#38;', '&'));
  expect(links).toEqual([
    '/api/workflows',
    '/healthz',
    '/readyz',
    webUi.url,
    ...webUiLinks(webUi).map(({ url }) => url.replaceAll("'", '&#39;')),
  ]);
  for (const link of links.slice(0, 3)) expect((await api.get(link)).status).toBe(200);
  expect(body).not.toMatch(/<(script|img|form|iframe)/);
});

test('O8: another method at / gets 405, as at other addresses', async () => {
  const { status, headers } = await api.post('/', {});
  expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

verifies('9.2');
test('O9: the filter of the link finds the builds that need a person, and no ledger', async () => {
  const project = api.newProject();
  const start = (build_id: string, roles: object) =>
    api
      .post(`/api/workflows/${project}/start`, { build_id, user_id: 'ada', requirements: 'Build it', roles })
      .then(({ status }) => expect(status).toBe(201));
  await start('waits', { q_assistant: 'external' });
  await start('failed', {});
  await start('ended', { q_assistant: 'external' });
  await api.post(`/api/workflows/${project}.ended/cancel`, { reason: 'not needed' });
  const [buildsThatNeedPerson, builds, ledgers] = webUiLinks(webUi);
  const listIds = async (query: string) => {
    const ids: string[] = [];
    // Other tests of this server have builds that this client has no key for.
    const ownWorkflows = `(WorkflowId STARTS_WITH '${project}.' OR WorkflowId = 'project:${project}')`;
    const fullQuery = `(${query}) AND ${ownWorkflows}`;
    for await (const { workflowId } of api.stack.client.workflow.list({ query: fullQuery })) ids.push(workflowId);
    return ids.filter((id) => id.includes(project)).sort();
  };
  const waitForIds = (query: string, ids: string[]) =>
    until(
      () => listIds(query),
      (found) => found.join() === ids.join(),
    );
  await waitForIds(buildsThatNeedPerson?.query ?? '', [`${project}.failed`, `${project}.waits`]);
  await waitForIds(builds?.query ?? '', [`${project}.ended`, `${project}.failed`, `${project}.waits`]);
  await waitForIds(ledgers?.query ?? '', [`project:${project}`]);
  expect(decodeURIComponent(buildsThatNeedPerson?.url.split('?query=')[1] ?? '')).toBe(buildsThatNeedPerson?.query);
});
