/**
 * Writes the curl commands that drive a build from outside, one for each of the seven endpoints. Pure.
 */
import { isPhase, PHASE_OWNER } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import { ownerOf } from '../../domain/states';
import type { State } from '../../domain/states';
import { startBody } from './api';
import type { Api } from './api';
import type { Run } from './run';

export function curlPost(api: Pick<Api, 'token'>, url: string, body: object): string {
  return `${curl(api)} -X POST ${url} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`;
}

function curl({ token }: Pick<Api, 'token'>): string {
  return token === null ? 'curl -sS' : `curl -sS -H 'Authorization: Bearer ${token}'`;
}

export interface CurlLine {
  /** The effect of the call, and the state from which it is allowed. */
  about: string;
  line: string;
}

export function curlLines(run: Run, api: Api, state: State): CurlLine[] {
  const { buildUrl } = api;
  return [
    { about: 'start; the same body again finds the same build', line: curlPost(api, api.startUrl, startBody(run)) },
    { about: 'status', line: `${curl(api)} ${buildUrl}/status` },
    { about: 'history', line: `${curl(api)} ${buildUrl}/history?limit=50` },
    { about: 'stats of the project', line: `${curl(api)} ${api.statsUrl}` },
    {
      about: 'request-retry: repeats the previous phase; allowed from implementation on',
      line: curlPost(api, `${buildUrl}/request-retry`, { reason: 'The plan misses the settings page' }),
    },
    {
      about: 'rollback to an earlier phase; allowed from planning on',
      line: curlPost(api, `${buildUrl}/rollback`, {
        target_state: 'discovery',
        reason: 'The requirements have changed',
      }),
    },
    { about: `advance: ${state} is done`, line: advanceLine(api, state) ?? '' },
  ];
}

/** Null in a state from which no role can advance. */
export function advanceLine(api: Api, state: State): string | null {
  const role = isPhase(state) ? PHASE_OWNER[state] : ownerOf(state);
  if (role === null || state === 'complete') return null;
  const phase_result = isPhase(state) ? RESULTS[state] : { summary: 'handed over' };
  return curlPost(api, `${api.buildUrl}/advance`, { role, completed_state: state, phase_result });
}

/** Examples of the results that an outside agent could send. */
const RESULTS: Record<Phase, object> = {
  discovery: { summary: 'A toggle for dark mode, remembered', requirements: [{ id: 'R1', text: 'A toggle' }] },
  planning: { implementation_plan: ['colours as variables', 'a toggle'], requirements: ['R1'] },
  implementation: { code: 'src/theme.js', test_cases: ['the toggle changes the theme'] },
  testing: { test_results: 'all passed', coverage: 92 },
  verification: { verification_report: 'nothing critical', approved_for_deployment: true },
  deployment: { version: '1.1.0', smoke_test: 'passed' },
};

/** Quotes a text for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
