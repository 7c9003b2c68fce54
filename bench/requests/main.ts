/**
 * `npm run requests [-- --count N] [--seed N] [--at-once N] [--write]`: sends generated requests to the real API, with a
 * Temporal server and a worker of its own. The exit code is 1 after an answer with a 5xx other than 503 and 507, a missing
 * answer, or growing memory.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROLES } from '../../src/domain/roles';
import { onCleanUp, cleanUp, cleanUpOnSignals } from '../cleanup';
import { startProgram } from '../programs';
import type { Program } from '../programs';
import { makeFolder, startTuned } from '../stage';
import { requests } from './generate';
import type { Generated, ExistingBuilds } from './generate';

const SAMPLE_EVERY = 500;
const ANSWER_WITHIN_MS = 60_000;
/** The limit for the growth over the last half of the requests, after garbage collections. */
const MAX_GROWTH_BYTES = 1024 ** 2;
const ALLOWED_5XX = [503, 507];
const ROOT = join(__dirname, '../..');
const PROJECTS = ['shop', 'site', 'notes'];

interface Sample {
  requests: number;
  bytes: number;
  worstStopMs: number;
}
interface Outcome {
  /** The number of answers with each status; status 0: no answer. */
  statuses: Map<number, number>;
  wrong: Array<{ status: number; request: Generated }>;
  samples: Sample[];
  seconds: number;
}
interface Options {
  count: number;
  seed: number;
  atOnce: number;
}

async function main(): Promise<number> {
  const flags = { count: { type: 'string' }, seed: { type: 'string' }, 'at-once': { type: 'string' } } as const;
  const { values } = parseArgs({ options: { ...flags, write: { type: 'boolean', default: false } } });
  const number = (text: string | undefined, standard: number) => (text === undefined ? standard : Number(text));
  const options = {
    count: number(values.count, 25_000),
    seed: number(values.seed, 2_611),
    atOnce: number(values['at-once'], 16),
  };
  const { api, known } = await openApi();
  const outcome = await send(api, known, options);
  const lines = report(outcome, options);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (values.write) writeFileSync(join(ROOT, 'docs/requests.md'), pageOf(lines, options));
  for (const { status, request: one } of outcome.wrong.slice(0, 10))
    process.stderr.write(
      `${status} ${one.method} ${one.path} ${JSON.stringify(one.headers)} ${one.body.slice(0, 300)}\n`,
    );
  return outcome.wrong.length > 0 || growthOf(outcome.samples) >= MAX_GROWTH_BYTES ? 1 : 0;
}

async function openApi(): Promise<{ api: Program & { url: string }; known: ExistingBuilds }> {
  const folder = await makeFolder();
  const server = await startTuned(folder);
  onCleanUp(() => server.stop());
  const env = { TEMPORAL_ADDRESS: server.address, DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'error' };
  await startProgram('src/programs/worker.ts', env);
  const nodeArgs = ['--expose-gc', '--require', join(__dirname, 'probe.cjs')];
  const api = await startProgram('src/programs/api.ts', env, { nodeArgs, ipc: true });
  const url = api.ready.split(' ')[1] ?? '';
  const builds: string[] = [];
  for (const project of PROJECTS) {
    for (const id of ['b1', 'b2', 'b3']) builds.push(await startBuild(url, project, id));
  }
  return { api: { ...api, url }, known: { builds, projects: PROJECTS } };
}

async function startBuild(url: string, project: string, id: string): Promise<string> {
  const roles = Object.fromEntries(ROLES.map((role) => [role, 'external']));
  const answer = await fetch(`${url}/api/workflows/${project}/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ build_id: id, user_id: 'ada', requirements: `Build ${id}`, roles }),
  });
  if (answer.status !== 201) throw new Error(`start answered ${answer.status}: ${await answer.text()}`);
  return `${project}.${id}`;
}

async function send(
  api: Program & { url: string },
  known: ExistingBuilds,
  { count, seed, atOnce }: Options,
): Promise<Outcome> {
  const outcome: Outcome = { statuses: new Map(), wrong: [], samples: [await sample(api, 0)], seconds: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  onCleanUp(() => agent.destroy());
  const began = Date.now();
  for (let done = 0; done < count; done += SAMPLE_EVERY) {
    const batch = requests(known, { seed: seed + done, count: Math.min(SAMPLE_EVERY, count - done) });
    const sendFromBatch = async (): Promise<void> => {
      for (let one = batch.pop(); one !== undefined; one = batch.pop()) {
        const status = await ask(api.url, agent, one);
        outcome.statuses.set(status, (outcome.statuses.get(status) ?? 0) + 1);
        if (status === 0 || (status >= 500 && !ALLOWED_5XX.includes(status)))
          outcome.wrong.push({ status, request: one });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sendFromBatch));
    outcome.samples.push(await sample(api, Math.min(count, done + SAMPLE_EVERY)));
    process.stderr.write(`requests: ${outcome.samples.at(-1)?.requests ?? 0} of ${count}\n`);
  }
  outcome.seconds = (Date.now() - began) / 1_000;
  return outcome;
}

/** Gives the status of the answer; 0 if there was none. */
function ask(url: string, agent: Agent, { method, path, headers, body }: Generated): Promise<number> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const sentBody = method === 'GET' || method === 'HEAD' ? '' : body;
    const length = sentBody === '' ? {} : { 'content-length': String(Buffer.byteLength(sentBody)) };
    const sentRequest = request(
      { hostname, port, agent, method, path, headers: { ...headers, ...length } },
      (answer) => {
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        answer.on('error', () => resolve(answer.statusCode ?? 0));
        answer.resume();
      },
    );
    sentRequest.setTimeout(ANSWER_WITHIN_MS, () => sentRequest.destroy());
    // A body that is refused while it is sent may break the connection after the answer.
    sentRequest.on('error', () => resolve(0));
    sentRequest.end(sentBody);
  });
}

/** Gives what the API's probe reports after a garbage collection. */
async function sample({ child }: Program, asked: number): Promise<Sample> {
  const reported = new Promise<Omit<Sample, 'requests'>>((resolve) =>
    child.once('message', (message) => resolve(message as Omit<Sample, 'requests'>)),
  );
  child.send('sample');
  return { requests: asked, ...(await reported) };
}

/** Bytes for each 1,000 requests over the last half, by least squares. */
function growthOf(samples: readonly Sample[]): number {
  const lastHalf = samples.slice(Math.floor(samples.length / 2));
  const meanAt = lastHalf.reduce((sum, { requests: at }) => sum + at, 0) / lastHalf.length;
  const mean = lastHalf.reduce((sum, { bytes }) => sum + bytes, 0) / lastHalf.length;
  const over = lastHalf.reduce((sum, { requests: at, bytes }) => sum + (at - meanAt) * (bytes - mean), 0);
  const under = lastHalf.reduce((sum, { requests: at }) => sum + (at - meanAt) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 1_000;
}

function report({ statuses, wrong, samples, seconds }: Outcome, { count, seed, atOnce }: Options): string[] {
  const kinds = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status || 'no answer'}: ${times}`);
  const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(2)} MB`;
  const worst = Math.max(...samples.slice(1).map(({ worstStopMs }) => worstStopMs));
  return [
    `${count} requests, seed ${seed}, ${atOnce} at once, in ${seconds.toFixed(0)} s`,
    `answers: ${kinds.join(', ')}`,
    `not allowed (5xx but 503 and 507, or no answer): ${wrong.length}`,
    `memory (heap used and external, after collection): ${megabytes(samples[0]?.bytes ?? 0)} at the start, ${megabytes(samples.at(-1)?.bytes ?? 0)} at the end`,
    `growth over the last half: ${megabytes(growthOf(samples))} per 1,000 requests (less than 1 MB)`,
    `worst stop of the event loop of the API: ${worst.toFixed(0)} ms`,
  ];
}

function pageOf(lines: string[], { count }: Options): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const about = `\`npm run requests -- --write\` on ${date}, commit ${commit}: ${count} generated requests (any method, route, id, header and body) against the real API, with a Temporal server and a worker of its own.`;
  return `# Generated requests\n\n${about}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`;
}

cleanUpOnSignals();
void main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  })
  .then(async (code) => {
    await cleanUp();
    process.exit(code);
  });
