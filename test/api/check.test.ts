/**
 * POST check: the repository report without a build.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openSurveyApi } from './surveyed';
import type { SurveyApi } from './surveyed';
import { verifies } from '../requirements/verifies';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

let survey: SurveyApi;
beforeAll(async () => {
  survey = await openSurveyApi();
});
afterAll(() => survey?.stop());

describe('POST check', () => {
  const check = (body: unknown, project = survey.api.newProject()) =>
    survey.api.post(`/api/workflows/${project}/check`, body);

  verifies('9.16');
  test('returns the report without a build and without a model call', async () => {
    const callsBefore = survey.calls.length;
    const project = survey.api.newProject();
    const body = { repository: { path: survey.makeRepository('checked') }, commands: { test: ['node', '--test'] } };
    const first = await check(body, project);
    expect(first).toMatchObject({
      status: 200,
      body: {
        ...{ project_id: project, status: 'ready', failure: null },
        repository_report: { digest: expect.stringMatching(DIGEST), tests: { status: 'green', total: 1 } },
      },
    });
    const [secondCheck, concurrentCheck] = await Promise.all([check(body, project), check(body, project)]);
    expect([secondCheck.body, concurrentCheck.body]).toEqual([first.body, first.body]);
    expect(survey.calls.length).toBe(callsBefore);
    expect((await survey.api.get(`/api/workflows?project_id=${project}`)).body.workflows).toEqual([]);
  });

  test('leaves no branch and no other ref in the repository, whatever its result', async () => {
    const project = survey.api.newProject();
    const refs = () =>
      execFileSync('git', [
        ...['--git-dir', join(survey.api.stack.config.dataDir, 'repositories', `${project}.git`)],
        ...['for-each-ref', '--format=%(refname)'],
      ]).toString();
    const body = { repository: { path: survey.makeRepository('left') }, commands: { test: ['node', '--test'] } };
    const first = await check(body, project);
    expect(first.body).toMatchObject({ status: 'ready' });
    expect(refs()).toBe('');
    expect((await check(survey.unrunnableRequest('left-in-the-way'), project)).body.status).toBe('obstacle');
    expect(refs()).toBe('');
  });

  test('names the obstacle that would stop a build', async () => {
    const answer = await check(survey.unrunnableRequest('in-the-way'));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ...{ status: 'obstacle', repository_report: null },
        failure: { type: 'Environment.TestsCannotRun', details: expect.stringContaining('Last lines of its log') },
      },
    });
  });

  test('names the last part of a script whose linter fails before its tests', async () => {
    const scripts = { test: 'node -e "process.exit(2)" && node --test' };
    const path = survey.makeRepository('linted', { 'package.json': JSON.stringify({ name: 'shop', scripts }) });
    const answer = await check({ repository: { path } });
    expect(answer.body.failure).toMatchObject({ type: 'Environment.TestsCannotRun' });
    expect(answer.body.failure.message).toContain('commands.test ["npm","exec","-c","node --test"] runs the last part');
    const command = ['npm', 'exec', '-c', 'node --test'];
    const secondAnswer = await check({ repository: { path }, commands: { test: command } });
    expect(secondAnswer.body.repository_report).toMatchObject({ tests: { status: 'green', total: 1 } });
  });

  test.each<[string, unknown, string]>([
    ['no repository', { commands: { test: ['x'] } }, 'repository'],
    ['a repository that may not be named', { repository: { path: '/etc' } }, 'repository.path'],
    [
      'a field of start that it does not take',
      { repository: { url: 'https://example.org/x.git' }, requirements: 'x' },
      'requirements',
    ],
    [
      'a folder outside of the repository',
      { repository: { url: 'https://example.org/x.git' }, workdir: '/x' },
      'workdir',
    ],
  ])('refuses %s', async (_what, body, field) => {
    expect(await check(body)).toMatchObject({ status: 400, body: { field } });
  });
});
