/**
 * The API over real repositories below an allowed root, with models that give good answers unless a test changes that.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelRequest } from '../../src/ports/model';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import { until } from '../until';
import { writeRepository } from '../write-repository';
import { buildOf, fakeModel, testOf } from '../workflows/fake-models';
import type { Answers } from '../workflows/fake-models';
import { serveApi } from './served';
import type { Body } from './served';

/** A page without a greeting, and a test of it, which no Code Writer here touches. */
const PAGE = {
  'index.html': '<p>page</p>\n',
  'test/old.test.js': testOf("require('node:assert').match(page, /<.+>/)", 'there is a page'),
};

export type Surveyed = Awaited<ReturnType<typeof openSurveyed>>;

export async function openSurveyed() {
  const calls: ModelRequest[] = [];
  const answersOf = new Map<string, Answers>();
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'q-test-repositories-')));
  const model = fakeModel((buildId) => answersOf.get(buildId) ?? {}, calls);
  const roleDefaults = Object.fromEntries(ROLES.map((role) => [role, 'llm'])) as Record<Role, RoleMode>;
  const api = await serveApi({ deps: { modelFor: () => model }, api: { roleDefaults, repositoryRoots: [root] } });
  const statusOf = async (path: string): Promise<Body> => (await api.get(`${path}/status`)).body;
  const makeRepository = (name: string, more: Record<string, string> = {}) =>
    writeRepository(join(root, name), { ...PAGE, ...more });
  return {
    ...{ api, root, calls, statusOf, makeRepository },
    /** Gives the address of the build. */
    async start(body: object, answers: Answers = {}): Promise<string> {
      const [project, buildId] = [api.newProject(), `b${answersOf.size + 1}`];
      answersOf.set(buildId, answers);
      const given = { build_id: buildId, user_id: 'u', requirements: 'A page that greets', ...body };
      const answer = await api.post(`/api/workflows/${project}/start`, given);
      expect(answer).toMatchObject({ status: 201 });
      return `/api/workflows/${project}.${buildId}`;
    },
    standing: (path: string, status: string) =>
      until(
        () => statusOf(path),
        (body) => body.status === status,
        120_000,
      ),
    callsOf: (path: string) => calls.filter((call) => buildOf(call) === path.split('.').at(-1)),
    /** A repository with a test, and a command that no machine has. */
    unrunnable: (name: string) => ({
      repository: { path: makeRepository(name) },
      commands: { test: ['no-such-runner'] },
    }),
    async stop() {
      await api.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
