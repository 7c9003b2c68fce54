/**
 * Tests a deploy command that pushes a tag and then fails, in a worker that is killed by SIGKILL at every step: the next attempt
 * completes the release, or undoes the finished part.
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releasesOf, runJob } from './release-child';
import type { ReleaseJob } from './release-child';

let place: string;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'q-half-deploy-'));
  // The user of the sandbox must be able to enter the folder that has production.
  chmodSync(place, 0o755);
  expect(await runJob(jobOf('first', 'whole', null))).toMatchObject({ kind: 'live' });
  expect(readProduction()).toEqual({ tags: ['v1'], page: 'first' });
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** `whole`: succeeds. `never`: fails after the tag each time. `once`: fails after the tag the first time, as if a server did not answer. */
type DeployKind = 'whole' | 'never' | 'once';
const DEPLOY = `set -e
mkdir -p "$Q_PRODUCTION/tags"
echo "$Q_COMMIT" > "$Q_PRODUCTION/tags/v$Q_RELEASE_NUMBER"
if [ -e never ]; then echo "the server is away"; exit 3; fi
if [ -e once ] && [ ! -e "$Q_PRODUCTION/was-here" ]; then touch "$Q_PRODUCTION/was-here"; kill -9 $$; fi
cp page "$Q_PRODUCTION/page"`;
const ROLLBACK = `set -e
rm -f "$Q_PRODUCTION/tags/v$Q_RELEASE_NUMBER"
cp page "$Q_PRODUCTION/page"`;

function jobOf(name: string, kind: DeployKind, killAt: ReleaseJob['killAt']): ReleaseJob {
  const folder = join(place, `built-${name}`);
  mkdirSync(folder, { recursive: true });
  const files = {
    page: name,
    'index.html': name,
    'deploy.sh': DEPLOY,
    'rollback.sh': ROLLBACK,
    ...(kind === 'whole' ? {} : { [kind]: '' }),
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const order = { projectId: 'shop', buildId: name, turn: 5, id: `${name}.g1.a1.t5`, folder, commit: 'c'.repeat(40) };
  const smoke = { http: { path: '/index.html', status: 200 } };
  const checks = { smoke, streak: { times: 1, interval_ms: 5 } };
  const commands = { deploy: ['sh', 'deploy.sh'], rollback: ['sh', 'rollback.sh'] };
  return { place, health: 'well', killAt, commands, plan: { ...order, checks } };
}

function readProduction() {
  const production = join(releasesOf(place), 'shop/production');
  const tags = existsSync(join(production, 'tags')) ? readdirSync(join(production, 'tags')).sort() : [];
  return { tags, page: readFileSync(join(production, 'page'), 'utf8') };
}

async function runUntilKilled(job: ReleaseJob): Promise<void> {
  const args = ['--require', 'tsx/cjs', join(__dirname, 'release-child.ts'), JSON.stringify(job)];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
}

const STEPS = ['intent', 'placed', 'previous-noted', 'forward-begun'];
/** Steps that are reached only after the deploy command has failed. */
const STEPS_BACK = ['judged', 'undone-noted', 'back-begun', 'back-ended', 'moved-back'];

test.each([...STEPS, ...STEPS_BACK])(
  'O14: after a kill at %s of a deploy that fails after its tag, the next attempt removes the tag and reports the failure',
  async (name) => {
    await runUntilKilled(jobOf('second', 'never', { name, time: 1 }));
    for (let times = 0; times < 2; times += 1) {
      const result = await runJob(jobOf('second', 'never', null));
      expect(result).toMatchObject({ kind: 'failed', type: 'Release.DeployFailed' });
      expect(result.kind === 'failed' && result.message).toMatch(/failed to deploy: .*; release 1 is live now$/s);
      expect(readProduction()).toEqual({ tags: ['v1'], page: 'first' });
    }
  },
);

test.each(STEPS)(
  'O14: after a kill at %s of a deploy that can succeed, the next attempt completes it',
  async (name) => {
    await runUntilKilled(jobOf('second', 'whole', { name, time: 1 }));
    expect(await runJob(jobOf('second', 'whole', null))).toMatchObject({
      kind: 'live',
      release: { number: 2, previous: 1 },
    });
    expect(readProduction()).toEqual({ tags: ['v1', 'v2'], page: 'second' });
  },
);

test('O14: a retry by a person, which is another release, starts from the state before the half deploy', async () => {
  expect(await runJob(jobOf('second', 'once', null))).toMatchObject({ kind: 'failed', type: 'Release.DeployFailed' });
  expect(readProduction()).toEqual({ tags: ['v1'], page: 'first' });
  const firstJob = jobOf('second', 'once', null);
  const retryJob = { ...firstJob, plan: { ...firstJob.plan, id: 'second.g1.a2.t7', turn: 7 } };
  expect(await runJob(retryJob)).toMatchObject({ kind: 'live', release: { number: 3, previous: 1 } });
  expect(readProduction()).toEqual({ tags: ['v1', 'v3'], page: 'second' });
});
