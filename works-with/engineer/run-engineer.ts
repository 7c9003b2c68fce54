/**
 * Runs the build of one engineer's script on the whole product: an API and a worker as in `npm start`, with the mock as model.
 */
import type { BuildState } from '../../src/domain/build/state';
import { PHASE_OWNER, PHASES, ROLES } from '../../src/domain/roles';
import type { Role } from '../../src/domain/roles';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { serveApi } from '../../test/api/served';
import { waitForRest } from '../at-rest';
import { workerEnv } from '../stage';
import { startMock } from './mock-server';
import type { ReceivedRequest, MockServer, Player } from './mock-server';
import { errorsIn } from './tool-errors';
import { outputsOf } from './outputs';
import { fetchPackage } from './package';
import { turnsOf } from './script';
import type { Script } from './script';

const BUILD_LIMIT_MS = 1_800_000;
const BUILD_ID = 'engineer';

export interface EngineerRow {
  name: string;
  package: string;
  files: number;
  /** Model calls by role. */
  calls: Record<Role, number>;
  requestBytes: number;
  seconds: number;
  /** The seconds of each phase. */
  phaseSeconds: Record<string, number>;
  /** `complete`, or the state in which the build waits, and why. */
  outcome: string;
  /** Answers of tools that begin with `error:`. */
  errors: string[];
  /** Describes what the request adds to the script; empty if it adds nothing. */
  note: string;
  requests: ReceivedRequest[];
}

export async function runEngineer(script: Script, folder: string): Promise<EngineerRow> {
  const { path, files } = await fetchPackage(script, folder);
  const mock = await startMock(playerOf(script));
  const startedAt = performance.now();
  try {
    const buildEnd = await runBuild(script, { path, folder, mock }).catch((error: unknown) => ({
      ...{ phaseSeconds: {}, outcome: error instanceof Error ? error.message : String(error) },
    }));
    const { requests } = mock;
    return {
      ...{ name: script.name, package: `${script.from.package} ${script.from.version}`, files },
      calls: callsByRole(requests),
      requestBytes: requests.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds: (performance.now() - startedAt) / 1_000,
      errors: errorsIn(requests),
      note: ADDITIONS[script.name]?.note ?? '',
      requests,
      ...buildEnd,
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

/** What the user of this repository adds to the script, and why. */
interface Addition {
  /** Members of the start request. */
  request: object;
  /** The user approves findings of this gate. */
  approves?: string;
  note: string;
}
const ADDITIONS: Record<string, Addition> = {
  'date-fns': {
    request: {},
    note: 'the plan marks criterion C2 as kept: the base meets it already, and the script does not say so',
  },
  'highlight.js': {
    request: { coverage: { changed_lines_percent: 50 } },
    note: 'coverage of 50 %: half of the change repeats the text for ES modules, which the script compares but does not run',
  },
  pygments: {
    request: { retries: { per_phase: 0 } },
    approves: 'experiments',
    note: 'a person approves that no test runs the formatter for images: it needs a package that is not installed',
  },
};

interface BuildPlace {
  path: string;
  folder: string;
  mock: MockServer;
}

async function runBuild(
  script: Script,
  { path, folder, mock }: BuildPlace,
): Promise<Pick<EngineerRow, 'outcome' | 'phaseSeconds'>> {
  const model = { MODEL: 'compatible:mock-engineer', COMPATIBLE_BASE_URL: mock.baseUrl };
  // `workerEnv` turns experiments off for tests; real builds have them.
  const env = { ...workerEnv(), ...model, EXPERIMENT_RUNS: '40' };
  const api = await serveApi({ env, api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [folder] } });
  try {
    const projectId = script.name.replace(/[^A-Za-z0-9]+/g, '-');
    const addition = ADDITIONS[script.name];
    const started = await api.post(`/api/workflows/${projectId}/start`, {
      ...{ build_id: BUILD_ID, user_id: 'ada', requirements: script.intent, repository: { path } },
      ...addition?.request,
      ...(script.workdir === '.' ? {} : { workdir: script.workdir }),
      commands: { test: script.test_command, ...(script.setup && { setup: script.setup }) },
    });
    if (started.status !== 201) return { outcome: `refused: ${JSON.stringify(started.body)}`, phaseSeconds: {} };
    const handle = api.stack.client.workflow.getHandle(`${projectId}.${BUILD_ID}`);
    const { state } = await waitForRest(handle, {
      isApproved: (gate) => gate === addition?.approves,
      withinMs: BUILD_LIMIT_MS,
    });
    return { outcome: outcomeOf(state), phaseSeconds: secondsByPhase(state) };
  } finally {
    await api.stop();
  }
}

/** Gives the last reason and the first one: the mock repeats its answers, so later reasons often only say that. */
function outcomeOf({ state, failure, questions, events, handoffs }: BuildState): string {
  const repeatEvent = events.find(({ type }) => type === 'sent_back' || type === 'repeated');
  const reason = handoffs.find(({ at }) => at === repeatEvent?.at)?.notes ?? repeatEvent?.data.reason;
  const first = typeof reason === 'string' ? `; first sent back: ${reason}` : '';
  if (state === 'complete') return `complete${first}`;
  const last = failure === null ? (questions[0]?.text ?? 'no reason') : `${failure.type}: ${failure.message}`;
  return `${failure?.reached ?? state}: ${last}${first}`;
}

function secondsByPhase({ events }: BuildState): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const [index, { at, data }] of events.entries()) {
    const next = events[index + 1];
    const phase = PHASES.find((known) => known === data.state || known === data.to);
    if (next === undefined || phase === undefined) continue;
    seconds[phase] = (seconds[phase] ?? 0) + (Date.parse(next.at) - Date.parse(at)) / 1_000;
  }
  return seconds;
}

function callsByRole(requests: readonly ReceivedRequest[]): Record<Role, number> {
  const count = (role: Role): number => requests.filter(({ phase }) => PHASE_OWNER[phase] === role).length;
  return Object.fromEntries(ROLES.map((role) => [role, count(role)])) as Record<Role, number>;
}
