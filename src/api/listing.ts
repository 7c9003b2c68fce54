/**
 * The list of builds, newest first, from Temporal's visibility: a page at a time, from the cards in the memos.
 *
 * Visibility forgets after retention and lags a moment; sums come from the ledger, never from here. A reset leaves the run of
 * before in it: each build is one row, its newest run.
 */
import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { BUILD_WORKFLOW } from '../workflows/messages';
import { isVisible } from '../domain/access';
import type { Projects } from '../domain/access';
import { parseWorkflowId } from '../domain/ids';
import { sha256 } from '../inspect/digest';
import { isCard, readCard } from './card';
import type { ApiDeps } from './deps';
import { malformed } from './problems';
import { redactedBuilds, withoutTakenOut } from './redactions';
import { reach, searchAttributesKnown } from './temporal-calls';
import type { ListQuery } from './queries';
import type { BuildCard } from '../domain/build/view';

const PAGES_A_REQUEST = 10;

export interface Page {
  /** A card that cannot be read is null. */
  builds: Array<{ workflowId: string; card: BuildCard | null }>;
  cursor: string | null;
}

/** A list query, and the projects that its caller may see. */
type Asked = ListQuery & { projects: Projects };

export async function listBuilds(deps: ApiDeps, query: Asked): Promise<Page> {
  const builds: Page['builds'] = [];
  let token = query.cursor === undefined ? Buffer.alloc(0) : openCursor(query.cursor, query);
  for (let page = 0; page < PAGES_A_REQUEST; page++) {
    const found = await readPage(deps, query, { nextPageToken: token, pageSize: query.limit - builds.length });
    builds.push(...found.builds);
    token = found.token;
    if (token.length === 0 || builds.length >= query.limit) break;
  }
  return { builds, cursor: token.length === 0 ? null : makeCursor(token, query) };
}

/** Ids of all builds of the project whose workflows run. */
export async function listRunning(deps: ApiDeps, projectId: string): Promise<string[]> {
  return reach(deps, async () => {
    const ofProject = visibilityQuery({ project_id: projectId }, await searchAttributesKnown(deps));
    const found: string[] = [];
    const query = `${ofProject} AND ExecutionStatus = 'Running'`;
    for (let token: Uint8Array | undefined = new Uint8Array(); token !== undefined;) {
      const page = await listPage(deps, { query, pageSize: 200, nextPageToken: token });
      for (const { execution } of page.executions ?? []) found.push(execution?.workflowId ?? '');
      token = page.nextPageToken?.length ? page.nextPageToken : undefined;
    }
    return found;
  });
}

/** Builds of the project whose workflows run, without those that are named. */
export async function countRunning(deps: ApiDeps, projectId: string, without: string[]): Promise<number> {
  return reach(deps, async () => {
    const ofProject = visibilityQuery({ project_id: projectId }, await searchAttributesKnown(deps));
    const others = without.length === 0 ? '' : ` AND WorkflowId NOT IN (${without.map(quote).join(', ')})`;
    const { count } = await deps.client.workflow.count(`${ofProject} AND ExecutionStatus = 'Running'${others}`);
    return count;
  });
}

/** Whether the server has any build of the project, open or closed. */
export async function isAnyBuild(deps: ApiDeps, projectId: string): Promise<boolean> {
  return reach(deps, async () => {
    const query = visibilityQuery({ project_id: projectId }, await searchAttributesKnown(deps));
    const page = await listPage(deps, { query, pageSize: 1, nextPageToken: new Uint8Array() });
    return (page.executions ?? []).length > 0;
  });
}

/** By the server's own call: the SDK's list fails as a whole for one memo that cannot be decoded here. */
function listPage({ client }: ApiDeps, page: { query: string; pageSize: number; nextPageToken: Uint8Array }) {
  const { namespace } = client.options;
  return client.workflowService.listWorkflowExecutions({ namespace, ...page });
}

const MARK_CHARS = 8;

/** The server's own token behind a mark of the question it belongs to: servers answer a wrong token late or strangely. */
function makeCursor(token: Buffer, query: Asked): string {
  return markOf(token, query) + token.toString('base64url');
}

function openCursor(cursor: string, query: Asked): Buffer {
  const token = Buffer.from(cursor.slice(MARK_CHARS), 'base64url');
  if (makeCursor(token, query) !== cursor) throw malformed('cursor', 'is not one of ours, or of another question');
  return token;
}

function markOf(token: Buffer, { project_id: projectId = '', status, projects }: Asked): string {
  const visible = projects === '*' ? '' : `\n${projects.join('\n')}`;
  return sha256(`${projectId}\n${status ?? ''}\n${token.toString('base64url')}${visible}`).slice(0, MARK_CHARS);
}

async function readPage(deps: ApiDeps, query: Asked, page: { nextPageToken: Buffer; pageSize: number }) {
  const answer = await reach(deps, async () =>
    listPage(deps, { query: visibilityQuery(query, await searchAttributesKnown(deps)), ...page }),
  );
  const executions = await withoutFormerRuns(deps, answer.executions ?? []);
  const read = await Promise.all(executions.map((execution) => readExecution(deps, execution)));
  const builds = await withoutRedacted(deps, read);
  // Without search attributes the server cannot tell the statuses apart.
  const wanted = builds
    .filter(({ card }) => query.status === undefined || card?.status === query.status)
    // The server has narrowed it; what an attribute that is not true lets in is no build of the caller's.
    .filter(({ workflowId }) => isVisible(query.projects, parseWorkflowId(workflowId)?.projectId ?? ''));
  return { builds: wanted, token: Buffer.from(answer.nextPageToken ?? []) };
}

/** A memo cannot be changed: what was taken out of the build is cut on the way. */
async function withoutRedacted(deps: ApiDeps, builds: Page['builds']): Promise<Page['builds']> {
  const redacted = await redactedBuilds(deps);
  return Promise.all(
    builds.map(async (one) => (redacted.has(one.workflowId) ? withoutTakenOut(deps, one.workflowId, one) : one)),
  );
}

type Executions = Awaited<ReturnType<ApiDeps['client']['connection']['workflowService']['listWorkflowExecutions']>>;
type Execution = NonNullable<Executions['executions']>[number];

const RUNNING = 1;

/** A run that is open is the newest of its build; whether one that has ended is must be asked. */
async function withoutFormerRuns(deps: ApiDeps, found: Execution[]): Promise<Execution[]> {
  const closed = found.filter(({ status }) => status !== RUNNING).map(({ execution }) => execution?.workflowId ?? '');
  if (closed.length === 0) return found;
  const { connection, options } = deps.client;
  const query = `WorkflowId IN (${[...new Set(closed)].map(quote).join(', ')}) AND ExecutionStatus != 'ContinuedAsNew'`;
  const newest = new Map<string, { run: string; at: number }>();
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const request = { namespace: options.namespace, query, nextPageToken: nextPageToken ?? null };
    const answer = await reach(deps, () => connection.workflowService.listWorkflowExecutions(request));
    for (const one of answer.executions ?? []) {
      const { workflowId = '', runId = '' } = one.execution ?? {};
      const at = startOf(one);
      if (at > (newest.get(workflowId ?? '')?.at ?? -1)) newest.set(workflowId ?? '', { run: runId ?? '', at });
    }
    nextPageToken = answer.nextPageToken;
  } while (nextPageToken != null && nextPageToken.length > 0);
  const isNewest = ({ execution }: Execution) => {
    const known = newest.get(execution?.workflowId ?? '');
    return known === undefined || known.run === execution?.runId;
  };
  return found.filter(isNewest);
}

/** In milliseconds, with what is below them. */
function startOf({ startTime }: Execution): number {
  return Number(startTime?.seconds ?? 0) * 1_000 + (startTime?.nanos ?? 0) / 1e6;
}

async function readExecution({ client }: ApiDeps, { execution, memo, status }: Execution) {
  const workflowId = execution?.workflowId ?? '';
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  try {
    let payloads = memo?.fields?.card ? [memo.fields.card] : [];
    for (const codec of payloadCodecs) payloads = await codec.decode(payloads);
    const card = payloads[0] && payloadConverter.fromPayload<unknown>(payloads[0]);
    if (!isCard(card)) return { workflowId, card: null };
    return {
      workflowId,
      card: readCard({ workflowId, memo: { card }, status: { name: STATUS_NAMES[status ?? 0] ?? 'UNKNOWN' } }).card,
    };
  } catch {
    return { workflowId, card: null };
  }
}

/** In the order of the Temporal API's WorkflowExecutionStatus. */
const STATUS_NAMES: readonly WorkflowExecutionStatusName[] = [
  'UNSPECIFIED',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
];

/** All values are ids or names that the schema has checked; quoted all the same. */
function visibilityQuery({ project_id: projectId, status, projects = '*' }: Partial<Asked>, isKnown: boolean): string {
  const terms = [`WorkflowType = ${quote(BUILD_WORKFLOW)}`, `ExecutionStatus != 'ContinuedAsNew'`];
  const within = projectId === undefined ? projects : [projectId];
  if (within !== '*') {
    const isOne = (id: string) => (isKnown ? `ProjectId = ${quote(id)}` : `WorkflowId STARTS_WITH ${quote(`${id}.`)}`);
    terms.push(`(${within.map(isOne).join(' OR ')})`);
  }
  // What an operator ended from outside keeps its last status as an attribute, so only open ones are narrowed by it.
  if (status !== undefined && isKnown && status !== 'cancelled' && status !== 'error') {
    terms.push(`BuildStatus = ${quote(status)}`);
  }
  return terms.join(' AND ');
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
