/**
 * A client of the HTTP API for the demonstration: start, status, history, cancel.
 */
import type { Role } from '../../domain/roles';
import type { State } from '../../domain/states';
import type { BuildStatus } from '../../domain/build/status';
import { PROJECT_ID } from './run';
import type { Run } from './run';

export interface Status {
  current_state: State;
  status: BuildStatus;
  attempt: number;
  revision: number;
  handoff_count: number;
  created_at: string;
  completed_at: string | null;
  state_description: string;
  next_expectations: { role: Role | null; task: string };
  failure: { type: string; message: string } | null;
  retrying: { attempt: number; last_failure: { type: string; message: string } | null } | null;
}
export interface Handoff {
  from_state: State;
  to_state: State;
  timestamp: string;
  notes: string;
}

export interface Api {
  /** The address under which all endpoints of the build lie. */
  buildUrl: string;
  startUrl: string;
  statsUrl: string;
  /** A token that is valid for this run; null where the API needs none. */
  token: string | null;
  start(): Promise<void>;
  cancel(reason: string): Promise<void>;
  status(): Promise<Status>;
  handoffs(): Promise<Handoff[]>;
}

/** Temporal or the workers cannot be reached at the moment (status 503); a later call may succeed. */
export class Unreachable extends Error {}

export function createApi(url: string, run: Run, token: string | null): Api {
  const call = createCall(token);
  const post = async (to: string, body: object): Promise<void> => {
    const headers = { 'Content-Type': 'application/json' };
    await call(to, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  const workflows = `${url}/api/workflows`;
  const buildUrl = `${workflows}/${run.workflowId}`;
  const startUrl = `${workflows}/${PROJECT_ID}/start`;
  return {
    buildUrl,
    startUrl,
    statsUrl: `${workflows}/project/${PROJECT_ID}/stats`,
    token,
    start: () => post(startUrl, startBody(run)),
    cancel: (reason) => post(`${buildUrl}/cancel`, { reason }),
    status: () => call<Status>(`${buildUrl}/status`),
    handoffs: async () => (await call<{ handoffs: Handoff[] }>(`${buildUrl}/history?limit=1000`)).handoffs,
  };
}

/** The body of `start`. Sent again, it finds the same build. */
export function startBody({ buildId, sentence, repository }: Run): object {
  return {
    build_id: buildId,
    user_id: 'demo',
    requirements: sentence,
    repository: { path: repository },
    release: { smoke: { http: { path: '/index.html', status: 200, contains: 'id="theme-toggle"' } } },
  };
}

/** Makes the function that sends requests with the token; null sends none. */
function createCall(token: string | null) {
  const authorization = token === null ? {} : { Authorization: `Bearer ${token}` };
  return async <T>(url: string, init: { method?: string; headers?: object; body?: string } = {}): Promise<T> => {
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...authorization } });
    const answer = (await response.json()) as T & { detail?: string };
    if (response.ok) return answer;
    const { pathname } = new URL(url);
    const message = `${pathname} answered ${response.status}: ${answer.detail ?? 'without a reason'}`;
    throw response.status === 503 ? new Unreachable(message) : new Error(message);
  };
}
