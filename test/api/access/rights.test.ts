/**
 * Calls every route with every right: what the table allows is not refused; every other call is, with the missing right in the
 * answer.
 */
import { ACTIONS, RIGHTS, allows, rightsFor } from '../../../src/domain/access';
import type { Action, Right } from '../../../src/domain/access';
import { COMMANDS } from '../../../src/domain/commands';
import { addressOf, allRoutes, serveProtectedApi } from './closed';
import type { ProtectedApi } from './closed';
import { verifies } from '../../requirements/verifies';

let api: ProtectedApi;
const tokens: Partial<Record<Right, string>> = {};
beforeAll(async () => {
  api = await serveProtectedApi({ worker: false });
  for (const right of RIGHTS) tokens[right] = await api.token(right, { rights: [right] });
});
afterAll(() => api?.stop());

const ROUTES = allRoutes().filter(({ needs }) => needs !== 'nothing');
/** The actions that each right is meant to allow, written down apart from the table of the product. */
const EXPECTED_ACTIONS: Record<Right, Action[]> = {
  viewer: ['read'],
  operator: ['read', 'operate'],
  approver: ['read', 'approve'],
  agent: ['read', 'submit'],
  admin: ['read', 'operate', 'approve', 'submit', 'administer'],
};

test('each right allows the actions that are written here, and each action has a right that allows it', () => {
  for (const right of RIGHTS) {
    expect({ right, may: ACTIONS.filter((action) => allows([right], action)) }).toEqual({
      right,
      may: EXPECTED_ACTIONS[right],
    });
  }
  expect(ACTIONS.map((action) => rightsFor(action).at(-1))).toEqual(ACTIONS.map(() => 'admin'));
});

test('each command needs the right of its kind: to submit, to approve or to operate', () => {
  const needs = Object.fromEntries(COMMANDS.map((command) => [command.name, command.needs]));
  expect(needs).toMatchObject({ advance: 'submit', approve: 'approve', reject: 'approve', retry: 'operate' });
  expect(needs).toMatchObject({ rollback: 'operate', pause: 'operate', cancel: 'operate', answer: 'operate' });
});

test('only the two addresses of health checks need nothing', () => {
  const openRoutes = allRoutes().filter(({ needs }) => needs === 'nothing');
  expect(openRoutes.map(({ method, path }) => `${method} ${path}`)).toEqual(['get /healthz', 'get /readyz']);
  expect(ROUTES.length).toBeGreaterThan(25);
});

verifies('4.1');
test.each(ROUTES.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s with each right',
  async (_line, route) => {
    const ids = { project: api.newProject(), build: 'b1' };
    const line = `${route.method.toUpperCase()} ${addressOf(route, ids)}`;
    const action = typeof route.needs === 'string' ? route.needs : 'read';
    for (const right of RIGHTS) {
      const answer = await api.sendAs(tokens[right] ?? '', line, route.method === 'get' ? undefined : {});
      const isForbidden = answer.status === 403 && answer.body.type === 'urn:q-orchestrator:problem:access-forbidden';
      const isExpected = action !== 'nothing' && EXPECTED_ACTIONS[right].includes(action);
      expect({ right, line, isForbidden }).toEqual({ right, line, isForbidden: !isExpected });
      expect([401, 500]).not.toContain(answer.status);
      if (isForbidden && action !== 'nothing') expect(answer.body.needs).toEqual(rightsFor(action));
    }
    const answerWithoutToken = await fetch(api.url + addressOf(route, ids), { method: route.method.toUpperCase() });
    expect({ line, status: answerWithoutToken.status }).toEqual({ line, status: 401 });
    expect(answerWithoutToken.headers.get('www-authenticate')).toMatch(/^Bearer/);
  },
);

test('a push needs the right of an agent from its first request on', async () => {
  const line = `GET /git/${api.newProject()}.git/info/refs?service=git-receive-pack`;
  const types = await Promise.all(RIGHTS.map(async (right) => (await api.sendAs(tokens[right] ?? '', line)).body.type));
  const forbidden = 'urn:q-orchestrator:problem:access-forbidden';
  expect(types.map((type) => type === forbidden)).toEqual([true, true, true, false, false]);
});

test('without a token an unknown address and a wrong method are answered like any other request', async () => {
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['DELETE', '/api/workflows/a.b/status'],
    ['OPTIONS', '/api/workflows'],
    ['GET', '/api/workflows/not-an-id/status'],
  ] as const) {
    expect({ path, status: (await fetch(api.url + path, { method })).status }).toEqual({ path, status: 401 });
  }
  for (const path of ['/healthz']) expect((await fetch(api.url + path)).status).toBe(200);
});
