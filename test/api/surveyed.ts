/**
 * Serves the API with real repositories below an allowed root, and with models that give good answers unless a test changes them.
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

/** A page without a greeting, and its test, which no Code Writer of these tests changes. */
const PAGE = {
  'index.html': '<p>page</p>\n',
  'test/old.test.js': testOf("require('node:assert').match(page, /<.+>/)", 'there is a page'),
};

export type SurveyApi = Awaited<ReturnType<typeof openSurveyApi>>;

export async function openSurveyApi() {
  const calls: ModelRequest[] = [];
  const answersOf = new Map<string, Answers>();
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'q-test-repositories-')));
  const model = fakeModel((buildId) => answersOf.get(buildId) ?? {}, calls);
  const roleDefaults = Object.fromEntries(ROLES.map((role) => [role, 'llm'])) as Record<Role, RoleMode>;
  const api = await serveApi({ deps: { modelFor: () => model }, api: { roleDefaults, repositoryRoots: [root] } });
  const statusOf = async (path: string): Promise<Body> => (await api.get(`${path}/status`)).body;
  const makeRepository = (name: string, files: Record<string, string> = {}) =>
    writeRepository(join(root, name), { ...PAGE, ...files });
  return {
    ...{ api, root, calls, statusOf, makeRepository },
    /** Starts a build, and returns its address. */
    async start(body: object, answers: Answers = {}): Promise<string> {
      const [project, buildId] = [api.newProject(), `b${answersOf.size + 1}`];
      answersOf.set(buildId, answers);
      const request = { build_id: buildId, user_id: 'u', requirements: 'A page that greets', ...body };
      const answer = await api.post(`/api/workflows/${project}/start`, request);
      expect(answer).toMatchObject({ status: 201 });
      return `/api/workflows/${project}.${buildId}`;
    },
    waitForStatus: (path: string, status: string) =>
      until(
        () => statusOf(path),
        (body) => body.status === status,
        120_000,
      ),
    callsOf: (path: string) => calls.filter((call) => buildOf(call) === path.split('.').at(-1)),
    /** A request with a repository, and with a test command that no machine has. */
    unrunnableRequest: (name: string) => ({
      repository: { path: makeRepository(name) },
      commands: { test: ['no-such-runner'] },
    }),
    async stop() {
      await api.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
