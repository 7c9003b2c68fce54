/**
 * Runs the build of one engineer on the whole product: an API and a worker as `npm start` has them, and the mock as its provider.
 */
import type { BuildState } from '../../src/domain/build/state';
import { PHASE_OWNER, PHASES, ROLES } from '../../src/domain/roles';
import type { Role } from '../../src/domain/roles';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { serveApi } from '../../test/api/served';
import { atRest } from '../at-rest';
import { workerEnv } from '../stage';
import { startMock } from './mock-server';
import type { Heard, MockServer, Player } from './mock-server';
import { errorsIn } from './tool-errors';
import { outputsOf } from './outputs';
import { fetchPackage } from './package';
import { turnsOf } from './script';
import type { Script } from './script';

const WITHIN_MS = 1_800_000;
const BUILD_ID = 'engineer';

export interface Engineered {
  name: string;
  package: string;
  files: number;
  /** Model calls by role. */
  calls: Record<Role, number>;
  requestBytes: number;
  seconds: number;
  /** By phase. */
  phaseSeconds: Record<string, number>;
  /** `complete`, or where it came to rest and why. */
  outcome: string;
  /** Tools' answers that begin with `error:`. */
  errors: string[];
  /** What the request says beside the script; empty where nothing. */
  note: string;
  heard: Heard[];
}

export async function runEngineer(script: Script, folder: string): Promise<Engineered> {
  const { path, files } = await fetchPackage(script, folder);
  const mock = await startMock(playerOf(script));
  const began = performance.now();
  try {
    const ended = await build(script, { path, folder, mock }).catch((error: unknown) => ({
      ...{ phaseSeconds: {}, outcome: error instanceof Error ? error.message : String(error) },
    }));
    const { heard } = mock;
    return {
      ...{ name: script.name, package: `${script.from.package} ${script.from.version}`, files },
      calls: callsByRole(heard),
      requestBytes: heard.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds: (performance.now() - began) / 1_000,
      errors: errorsIn(heard),
      note: SAID[script.name]?.note ?? '',
      heard,
      ...ended,
    };
  } finally {
    await mock.stop();
  }
}

export function playerOf(script: Script): Player {
  const outputs = outputsOf(script);
  return (phase, turn) => {
    const calls = turnsOf(script, phase)[turn];
    if (calls === undefined) return [{ name: 'finish', input: outputs[phase] }];
    return calls.map(({ tool, input }) => ({ name: tool, input }));
  };
}

/** What a person says of this repository beside the script, and why. */
interface Said {
  /** Members of the start request. */
  request: object;
  /** Findings of this gate are approved by the person. */
  approves?: string;
  note: string;
}
const SAID: Record<string, Said> = {
  'date-fns': {
    request: {},
    note: 'the plan calls criterion C2 kept: the base does it already, and the script says nothing of it',
  },
  'highlight.js': {
    request: { coverage: { changed_lines_percent: 50 } },
    note: 'coverage of 50 %: half of the change is the same text for ES modules, which the script compares and does not run',
  },
  pygments: {
    request: { retries: { per_phase: 0 } },
    approves: 'experiments',
    note: 'a person approves that no test runs the formatter for images: it needs a package that is not there',
  },
};

interface Place {
  path: string;
  folder: string;
  mock: MockServer;
}

async function build(
  script: Script,
  { path, folder, mock }: Place,
): Promise<Pick<Engineered, 'outcome' | 'phaseSeconds'>> {
  const model = { MODEL: 'compatible:mock-engineer', COMPATIBLE_BASE_URL: mock.baseUrl };
  // Tests of other things leave experiments out; a build as it is run has them.
  const env = { ...workerEnv(), ...model, EXPERIMENT_RUNS: '40' };
  const api = await serveApi({ env, api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [folder] } });
  try {
    const projectId = script.name.replace(/[^A-Za-z0-9]+/g, '-');
    const said = SAID[script.name];
    const started = await api.post(`/api/workflows/${projectId}/start`, {
      ...{ build_id: BUILD_ID, user_id: 'ada', requirements: script.intent, repository: { path } },
      ...said?.request,
      ...(script.workdir === '.' ? {} : { workdir: script.workdir }),
      commands: { test: script.test_command, ...(script.setup && { setup: script.setup }) },
    });
    if (started.status !== 201) return { outcome: `refused: ${JSON.stringify(started.body)}`, phaseSeconds: {} };
    const handle = api.stack.client.workflow.getHandle(`${projectId}.${BUILD_ID}`);
    const { state } = await atRest(handle, { approves: (gate) => gate === said?.approves, withinMs: WITHIN_MS });
    return { outcome: outcomeOf(state), phaseSeconds: secondsByPhase(state) };
  } finally {
    await api.stop();
  }
}

/** Why work was first sent back stands beside the last reason: later ones are often that the mock says the same again. */
function outcomeOf({ state, failure, questions, events, handoffs }: BuildState): string {
  const back = events.find(({ type }) => type === 'sent_back' || type === 'repeated');
  const reason = handoffs.find(({ at }) => at === back?.at)?.notes ?? back?.data.reason;
  const first = typeof reason === 'string' ? `; first sent back: ${reason}` : '';
  if (state === 'complete') return `complete${first}`;
  const said = failure === null ? (questions[0]?.text ?? 'no reason') : `${failure.type}: ${failure.message}`;
  return `${failure?.reached ?? state}: ${said}${first}`;
}

function secondsByPhase({ events }: BuildState): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const [index, { at, data }] of events.entries()) {
    const next = events[index + 1];
    const phase = PHASES.find((one) => one === data.state || one === data.to);
    if (next === undefined || phase === undefined) continue;
    seconds[phase] = (seconds[phase] ?? 0) + (Date.parse(next.at) - Date.parse(at)) / 1_000;
  }
  return seconds;
}

function callsByRole(heard: readonly Heard[]): Record<Role, number> {
  const of = (role: Role): number => heard.filter(({ phase }) => PHASE_OWNER[phase] === role).length;
  return Object.fromEntries(ROLES.map((role) => [role, of(role)])) as Record<Role, number>;
}
