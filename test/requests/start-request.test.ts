/**
 * Tests the stored start request: it is stored and read as at commit 0956107, and errors name unknown fields.
 */
import { createHash } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { parse } from '../../src/api/parse';
import { readStart } from '../../src/api/start-build';
import type { ProjectSettingsStore } from '../../src/ports/project-settings';
import type { ApiDeps } from '../../src/api/deps';
import { loadRequest } from '../../src/activities/load-request';
import { withHeartbeatAndFailureTypes } from '../../src/activities/boundary';
import type { ArtifactStore } from '../../src/ports/artifacts';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import { requestKeyOf } from '../../src/domain/ids';
import type { Migration } from '../../src/requests/migrations';
import { forWorkflow, readStartRequest, startSchema } from '../../src/requests/start-request';
import OLD from './stored-by-0956107.json';
import { verifies } from '../requirements/verifies';

const MODELS = Object.fromEntries(ROLES.map((role) => [role, 'llm'])) as Record<Role, RoleMode>;
const SENTENCE = { user_id: 'ada', project_id: 'shop', build_id: 'b1', requirements: 'Dark mode' };
const DIGEST = `sha256:${'0'.repeat(64)}`;

const read = (document: object, migrations?: Migration[]) =>
  readStartRequest(JSON.stringify(document), DIGEST, migrations);
const oldRequest = (name: string) => OLD.find((one) => one.name === name)?.stored ?? '';

/** An artifact store in memory. */
function createMemoryStore(): ArtifactStore & { contents: Map<string, string> } {
  const contents = new Map<string, string>();
  return {
    contents,
    put(content) {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      contents.set(digest, String(content));
      return Promise.resolve({ digest, bytes: content.length });
    },
    get: (digest) => Promise.resolve(Buffer.from(contents.get(digest) ?? '')),
  };
}

test.each(OLD.map((one) => [one.name, one] as const))(
  'the body "%s" gives the document, digest and build that it gave at commit 0956107',
  async (_, { body, stored, start }) => {
    const artifacts = createMemoryStore();
    const projectSettings = { latest: () => Promise.resolve(null) } as Partial<ProjectSettingsStore>;
    const deps = {
      artifacts,
      roleDefaults: MODELS,
      repositoryRoots: [],
      projectSettings,
    } as Partial<ApiDeps> as ApiDeps;
    const newStart = await readStart(deps, { projectId: 'shop', key: null, body: parse(startSchema, body) });
    expect([...artifacts.contents]).toEqual([[start.request, stored]]);
    // Since then a start also has the key of its request, the branch of its result, whether a repository is examined first, and the
    // number of equal signs that make the build stuck.
    const { requestKey, resultBranch, looksFirst, stuckAfter, ...oldMembers } = newStart;
    expect(oldMembers).toEqual({ ...start, createdAt: newStart.createdAt });
    expect(requestKey).toBe(requestKeyOf(start.request));
    expect(stuckAfter).toBe(3);
    expect(resultBranch).toBe('repository' in body ? `builds/shop.${newStart.buildId}` : undefined);
    expect(looksFirst).toBe('repository' in body ? true : undefined);
  },
);

verifies('9.6', '9.12');
test('a request with only the needed fields is read with all defaults', () => {
  expect(read(SENTENCE)).toEqual({
    ...SENTENCE,
    roles: {},
    retries: { per_phase: 3 },
    release: { target: 'directory', smoke: {}, streak: { times: 1, interval_ms: 500 } },
  });
});

test('a stored request of commit 0956107 is read with each of its fields', () => {
  const stored = oldRequest('everything to git');
  expect(readStartRequest(stored, DIGEST)).toEqual(JSON.parse(stored));
  expect(readStartRequest(oldRequest('by command'), DIGEST).release).toEqual({
    ...{ target: 'command', deploy: ['./deploy'], rollback: ['./back'], network: true },
    timeouts_ms: { deploy: 60_000, rollback: 5_000, smoke: 2_000 },
    smoke: { command: ['./smoke'] },
    streak: { times: 2, interval_ms: 500 },
  });
});

test.each([
  ['a field that is not known', { ...SENTENCE, colour: 'red' }, 'colour is not a field here'],
  [
    'a field that is not known deep inside',
    { ...SENTENCE, release: { smoke: { http: { path: '/', status: 200, method: 'PUT' } } } },
    'release.smoke.http.method is not a field here',
  ],
  ['a target that is not known', { ...SENTENCE, release: { target: 'mars' } }, 'release.target must be one of'],
  [
    'a field of another target',
    { ...SENTENCE, release: { remote: 'git@example.org:shop.git' } },
    'release.remote is not for the target directory',
  ],
  [
    'a target without its field',
    { ...SENTENCE, release: { target: 'command', deploy: ['./deploy'] } },
    'release.rollback is needed for the target command',
  ],
  ['no build', { ...SENTENCE, build_id: undefined }, 'build_id must be text'],
  ['a version of the future', { ...SENTENCE, version: 2 }, 'version is 2, and this worker knows versions up to 1 only'],
  ['a version that is no number', { ...SENTENCE, version: 'two' }, 'version must be a whole number from 1 on'],
  ['no object', [SENTENCE], 'it is not a JSON object'],
])('a stored request with %s is refused, and the error names the field', (_, document, why) => {
  expect(() => read(document)).toThrow(
    expect.objectContaining({
      type: 'Request.Unreadable',
      message: expect.stringContaining(`the start request ${DIGEST} cannot be read: ${why}`),
    }),
  );
});

test('a stored request that is not JSON is refused, and the error repeats no part of it', () => {
  expect(() => readStartRequest('{"user_id": secret', DIGEST)).toThrow(
    `the start request ${DIGEST} cannot be read: it is not a JSON object`,
  );
});

test('older versions are migrated step by step to the current one', () => {
  const rename = ({ sentence, ...rest }: Record<string, unknown>) => ({ ...rest, requirements: sentence });
  const wrap = ({ requirements, ...rest }: Record<string, unknown>) => ({
    ...rest,
    requirements: { feature: requirements },
  });
  const migrations: Migration[] = [
    { from: 1, migrate: rename },
    { from: 2, migrate: wrap },
  ];
  const { requirements, ...rest } = SENTENCE;
  const migrated = { requirements: { feature: 'Dark mode' } };
  expect(read({ ...rest, sentence: requirements }, migrations)).toMatchObject(migrated);
  expect(read({ ...SENTENCE, version: 2 }, migrations)).toMatchObject(migrated);
  expect(read({ ...SENTENCE, version: 3 }, migrations)).toMatchObject({ requirements: 'Dark mode' });
  expect(() => read({ ...SENTENCE, version: 4 }, migrations)).toThrow('knows versions up to 3 only');
});

test('an activity fails at an unknown field without being tried again', async () => {
  const artifacts = createMemoryStore();
  const { digest } = await artifacts.put(JSON.stringify({ ...SENTENCE, colour: 'red' }));
  const activity = withHeartbeatAndFailureTypes(() => loadRequest(artifacts, { request: digest }));
  await expect(new MockActivityEnvironment().run(activity)).rejects.toMatchObject({
    ...{ type: 'Request.Unreadable', nonRetryable: true },
    message: `the start request ${digest} cannot be read: colour is not a field here`,
  });
});

verifies('9.7');
test.each([
  [undefined, 'builds/shop.b1'],
  [{ branch: 'mine' }, 'mine'],
  [false, undefined],
])('R20: the option %j for the result of a repository gives the branch %j', (result, branch) => {
  const request = read({ ...SENTENCE, repository: { path: '/srv/shop' }, ...(result === undefined ? {} : { result }) });
  expect(forWorkflow(request).resultBranch).toBe(branch);
});

test('R20: there is no result branch without a repository, and none for a url without a push', () => {
  expect(forWorkflow(read(SENTENCE)).resultBranch).toBeUndefined();
  const url = { ...SENTENCE, repository: { url: 'https://example.org/x.git' } };
  expect(forWorkflow(read(url)).resultBranch).toBe('builds/shop.b1');
  expect(forWorkflow(read({ ...url, result: { push: false } })).resultBranch).toBeUndefined();
});

verifies('9.5');
test.each([{ build: ['make'] }, { setup: ['npm', 'ci'] }, { coverage: ['make', 'lcov'] }])(
  'P12: each command may be given alone: %j',
  (commands) => {
    expect(startSchema.safeParse({ user_id: 'ada', requirements: 'x', commands }).success).toBe(true);
    expect(read({ ...SENTENCE, commands }).commands).toEqual(commands);
  },
);
