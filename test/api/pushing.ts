/**
 * Helpers for tests of pushes: repositories, builds that wait for an external Code Writer, and a git client.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STATES, ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { until } from '../until';
import type { Api } from './served';

export const TWICE = 'export const twice = (a) => 2 * a;\n';
export const TWICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { twice } from '../src/twice.js';

test('doubles', () => assert.equal(twice(2), 4));
`;
const SUM_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add } from '../src/sum.js';

test('adds', () => assert.equal(add(1, 2), 3));
`;
const ENV = {
  ...{ PATH: process.env.PATH ?? '', HOME: '/nonexistent', LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1' },
  ...{ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org', GIT_TERMINAL_PROMPT: '0' },
  ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org' },
};

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Runs git. Returns its exit code, and what it prints on both outputs. */
export function git(folder: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile('git', ['-C', folder, ...args], { env: ENV, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr }),
    );
  });
}

/** Runs git synchronously, which blocks the API of the test: not for commands that send requests to that API. */
export function gitSync(folder: string, args: string[], input?: string | Buffer): string {
  return execFileSync('git', ['-C', folder, ...args], { env: ENV, input, stdio: ['pipe', 'pipe', 'pipe'] })
    .toString()
    .trim();
}

export function commitAll(folder: string, files: Record<string, string>, message: string): string {
  writeFiles(folder, files);
  gitSync(folder, ['add', '-A']);
  gitSync(folder, ['commit', '-q', '-m', message]);
  return gitSync(folder, ['rev-parse', 'HEAD']);
}

/** A small project with one test. */
export function sumRepository(place: string): string {
  const folder = mkdtempSync(join(place, 'given-'));
  gitSync(folder, ['init', '-q', '-b', 'main']);
  const manifest = JSON.stringify({ name: 'sum', type: 'module', scripts: { test: 'node --test' } });
  const source = 'export const add = (a, b) => a + b;\n';
  commitAll(folder, { 'package.json': manifest, 'src/sum.js': source, 'test/sum.test.js': SUM_TEST }, 'The sum');
  return folder;
}

/** Makes a new project, and functions that start, advance, clone and await its builds. */
export function createPushing(api: Api, place: string, repository: { path: string } | undefined) {
  const project = api.newProject();
  const url = `${api.url}/git/${project}.git`;
  const advance = async (build: string, state: State, result: object = { notes: 'done' }) => {
    const body = { role: ownerOf(state), completed_state: state, phase_result: result };
    expect(await api.post(`/api/workflows/${project}.${build}/advance`, body)).toMatchObject({ status: 200 });
  };
  return {
    project,
    url,
    advance,
    /** Starts a build and advances it to `state`. */
    async startUpTo(build: string, state: State, members: object = {}) {
      const start = { build_id: build, user_id: 'ada', requirements: 'double a number', repository, ...members };
      expect((await api.post(`/api/workflows/${project}/start`, start)).status).toBe(201);
      for (const one of STATES.slice(0, STATES.indexOf(state))) await advance(build, one);
    },
    async advanceFrom(build: string, state: State, result?: object) {
      await advance(build, state, result);
      for (const one of STATES.slice(STATES.indexOf(state) + 1, 10)) await advance(build, one);
    },
    async clone(build: string): Promise<string> {
      const folder = mkdtempSync(join(place, 'clone-'));
      expect(await git(folder, 'clone', '-q', '-b', `builds/${build}`, url, '.')).toEqual({ code: 0, output: '' });
      return folder;
    },
    /** Waits until a complete build is released or not released, and returns that event. */
    async releaseEvent(build: string) {
      const { body } = await until(
        () => api.get(`/api/workflows/${project}.${build}/events`),
        ({ body: { events } }) => events.some(({ type }: { type: string }) => /^(not_)?released$/.test(type)),
        120_000,
      );
      return body.events.at(-1);
    },
  };
}
