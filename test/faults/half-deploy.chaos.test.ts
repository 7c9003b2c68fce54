/**
 * A deploy command pushes a tag and then fails, in a worker that is killed by SIGKILL at every step: the next attempt finishes
 * the release or undoes the part that is there.
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
  // The user of the sandbox must be able to enter the folder in which production lies.
  chmodSync(place, 0o755);
  expect(await runJob(jobOf('first', 'whole', null))).toMatchObject({ kind: 'live' });
  expect(seen()).toEqual({ tags: ['v1'], page: 'first' });
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** `whole`: works. `never`: fails behind the tag each time. `once`: fails behind the tag the first time, as a server that is away does. */
type How = 'whole' | 'never' | 'once';
const DEPLOY = `set -e
mkdir -p "$Q_PRODUCTION/tags"
echo "$Q_COMMIT" > "$Q_PRODUCTION/tags/v$Q_RELEASE_NUMBER"
if [ -e never ]; then echo "the server is away"; exit 3; fi
if [ -e once ] && [ ! -e "$Q_PRODUCTION/was-here" ]; then touch "$Q_PRODUCTION/was-here"; kill -9 $$; fi
cp page "$Q_PRODUCTION/page"`;
const ROLLBACK = `set -e
rm -f "$Q_PRODUCTION/tags/v$Q_RELEASE_NUMBER"
cp page "$Q_PRODUCTION/page"`;

function jobOf(name: string, how: How, killAt: ReleaseJob['killAt']): ReleaseJob {
  const folder = join(place, `built-${name}`);
  mkdirSync(folder, { recursive: true });
  const files = {
    page: name,
    'index.html': name,
    'deploy.sh': DEPLOY,
    'rollback.sh': ROLLBACK,
    ...(how === 'whole' ? {} : { [how]: '' }),
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const order = { projectId: 'shop', buildId: name, turn: 5, id: `${name}.g1.a1.t5`, folder, commit: 'c'.repeat(40) };
  const smoke = { http: { path: '/index.html', status: 200 } };
  const checks = { smoke, streak: { times: 1, interval_ms: 5 } };
  const commands = { deploy: ['sh', 'deploy.sh'], rollback: ['sh', 'rollback.sh'] };
  return { place, health: 'well', killAt, commands, plan: { ...order, checks } };
}

function seen() {
  const production = join(releasesOf(place), 'shop/production');
  const tags = existsSync(join(production, 'tags')) ? readdirSync(join(production, 'tags')).sort() : [];
  return { tags, page: readFileSync(join(production, 'page'), 'utf8') };
}

async function dieAt(job: ReleaseJob): Promise<void> {
  const args = ['--require', 'tsx/cjs', join(__dirname, 'release-child.ts'), JSON.stringify(job)];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
}

const STEPS = ['intent', 'placed', 'previous-noted', 'forward-begun'];
/** Reached only where the deploy command said that it failed. */
const STEPS_BACK = ['judged', 'undone-noted', 'back-begun', 'back-ended', 'moved-back'];

test.each([...STEPS, ...STEPS_BACK])(
  'O14: killed at %s of a deploy that fails behind its tag, the next try takes the tag back and says that it failed',
  async (name) => {
    await dieAt(jobOf('second', 'never', { name, time: 1 }));
    for (let times = 0; times < 2; times += 1) {
      const result = await runJob(jobOf('second', 'never', null));
      expect(result).toMatchObject({ kind: 'failed', type: 'Release.DeployFailed' });
      expect(result.kind === 'failed' && result.message).toMatch(/failed to deploy: .*; release 1 is live now$/s);
      expect(seen()).toEqual({ tags: ['v1'], page: 'first' });
    }
  },
);

test.each(STEPS)('O14: killed at %s of a deploy that can work, the next try finishes it', async (name) => {
  await dieAt(jobOf('second', 'whole', { name, time: 1 }));
  expect(await runJob(jobOf('second', 'whole', null))).toMatchObject({
    kind: 'live',
    release: { number: 2, previous: 1 },
  });
  expect(seen()).toEqual({ tags: ['v1', 'v2'], page: 'second' });
});

test('O14: a retry of a person, which is another release, begins from what was there before the half', async () => {
  expect(await runJob(jobOf('second', 'once', null))).toMatchObject({ kind: 'failed', type: 'Release.DeployFailed' });
  expect(seen()).toEqual({ tags: ['v1'], page: 'first' });
  const again = jobOf('second', 'once', null);
  const retried = { ...again, plan: { ...again.plan, id: 'second.g1.a2.t7', turn: 7 } };
  expect(await runJob(retried)).toMatchObject({ kind: 'live', release: { number: 3, previous: 1 } });
  expect(seen()).toEqual({ tags: ['v1', 'v3'], page: 'second' });
});
