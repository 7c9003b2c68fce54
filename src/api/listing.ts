/**
 * Lists builds, newest first, page by page, from Temporal's visibility and the cards in the memos.
 *
 * Visibility lags a moment and drops builds after their retention, so sums come from the ledger. After a reset it still has the
 * former run: each build is listed once, by its newest run.
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
import { redactedBuilds, withoutRedactions } from './redactions';
import { callTemporal, searchAttributesKnown } from './temporal-calls';
import type { ListQuery } from './queries';
import type { BuildCard } from '../domain/build/card';

const MAX_PAGES_PER_REQUEST = 10;

export interface Page {
  /** A card that cannot be read is null. */
  builds: Array<{ workflowId: string; card: BuildCard | null }>;
  cursor: string | null;
}

/** A list query with the projects that its caller may see. */
type CallerQuery = ListQuery & { projects: Projects };

export async function listBuilds(deps: ApiDeps, query: CallerQuery): Promise<Page> {
  const builds: Page['builds'] = [];
  let token = query.cursor === undefined ? Buffer.alloc(0) : readCursor(query.cursor, query);
  for (let pageCount = 0; pageCount < MAX_PAGES_PER_REQUEST; pageCount++) {
    const page = await readPage(deps, query, { nextPageToken: token, pageSize: query.limit - builds.length });
    builds.push(...page.builds);
    token = page.token;
    if (token.length === 0 || builds.length >= query.limit) break;
  }
  return { builds, cursor: token.length === 0 ? null : makeCursor(token, query) };
}

/** Gives the workflow ids of the project's running builds. */
export async function listRunning(deps: ApiDeps, projectId: string): Promise<string[]> {
  return callTemporal(deps, async () => {
    const projectQuery = visibilityQuery({ project_id: projectId }, await searchAttributesKnown(deps));
    const workflowIds: string[] = [];
    const query = `${projectQuery} AND ExecutionStatus = 'Running'`;
    for (let token: Uint8Array | undefined = new Uint8Array(); token !== undefined;) {
      const page = await listPage(deps, { query, pageSize: 200, nextPageToken: token });
      for (const { execution } of page.executions ?? []) workflowIds.push(execution?.workflowId ?? '');
      token = page.nextPageToken?.length ? page.nextPageToken : undefined;
    }
    return workflowIds;
  });
}

/** Counts the project's running builds, except those with the ids in `excludedIds`. */
export async function countRunning(deps: ApiDeps, projectId: string, excludedIds: string[]): Promise<number> {
  return callTemporal(deps, async () => {
    const projectQuery = visibilityQuery({ project_id: projectId }, await searchAttributesKnown(deps));
    const others = excludedIds.length === 0 ? '' : ` AND WorkflowId NOT IN (${excludedIds.map(quote).join(', ')})`;
    const { count } = await deps.client.workflow.count(`${projectQuery} AND ExecutionStatus = 'Running'${others}`);
    return count;
  });
}

/** True if the server has a build of the project, open or closed. */
export async function hasAnyBuild(deps: ApiDeps, projectId: string): Promise<boolean> {
  return callTemporal(deps, async () => {
    const query = visibilityQuery({ project_id: projectId }, await searchAttributesKnown(deps));
    const page = await listPage(deps, { query, pageSize: 1, nextPageToken: new Uint8Array() });
    return (page.executions ?? []).length > 0;
  });
}

/** Calls the server directly: the SDK's list fails as a whole if one memo cannot be decoded. */
function listPage({ client }: ApiDeps, page: { query: string; pageSize: number; nextPageToken: Uint8Array }) {
  const { namespace } = client.options;
  return client.workflowService.listWorkflowExecutions({ namespace, ...page });
}

const CHECKSUM_CHARS = 8;

/** The server's page token after a checksum of the query it belongs to: servers answer a wrong token late or wrongly. */
function makeCursor(token: Buffer, query: CallerQuery): string {
  return checksumOf(token, query) + token.toString('base64url');
}

function readCursor(cursor: string, query: CallerQuery): Buffer {
  const token = Buffer.from(cursor.slice(CHECKSUM_CHARS), 'base64url');
  if (makeCursor(token, query) !== cursor)
    throw malformed('cursor', 'is unknown, or belongs to another query: take next_cursor of the same query');
  return token;
}

function checksumOf(token: Buffer, { project_id: projectId = '', status, projects }: CallerQuery): string {
  const visible = projects === '*' ? '' : `\n${projects.join('\n')}`;
  return sha256(`${projectId}\n${status ?? ''}\n${token.toString('base64url')}${visible}`).slice(0, CHECKSUM_CHARS);
}

async function readPage(deps: ApiDeps, query: CallerQuery, page: { nextPageToken: Buffer; pageSize: number }) {
  const answer = await callTemporal(deps, async () =>
    listPage(deps, { query: visibilityQuery(query, await searchAttributesKnown(deps)), ...page }),
  );
  const executions = await withoutFormerRuns(deps, answer.executions ?? []);
  const read = await Promise.all(executions.map((execution) => readExecution(deps, execution)));
  const builds = await redactBuilds(deps, read);
  // Without search attributes the server cannot tell the statuses apart.
  const matchingBuilds = builds
    .filter(({ card }) => query.status === undefined || card?.status === query.status)
    // The server has filtered by project already, but by an attribute that a workflow can set wrongly.
    .filter(({ workflowId }) => isVisible(query.projects, parseWorkflowId(workflowId)?.projectId ?? ''));
  return { builds: matchingBuilds, token: Buffer.from(answer.nextPageToken ?? []) };
}

/** Redactions are applied on reading, since a memo cannot be changed. */
async function redactBuilds(deps: ApiDeps, builds: Page['builds']): Promise<Page['builds']> {
  const redacted = await redactedBuilds(deps);
  return Promise.all(
    builds.map(async (build) =>
      redacted.has(build.workflowId) ? withoutRedactions(deps, build.workflowId, build) : build,
    ),
  );
}

type Executions = Awaited<ReturnType<ApiDeps['client']['connection']['workflowService']['listWorkflowExecutions']>>;
type Execution = NonNullable<Executions['executions']>[number];

const RUNNING = 1;

/** Removes runs that a later run of the same build has replaced. An open run is the newest; Temporal is asked about closed ones. */
async function withoutFormerRuns(deps: ApiDeps, found: Execution[]): Promise<Execution[]> {
  const closedIds = found
    .filter(({ status }) => status !== RUNNING)
    .map(({ execution }) => execution?.workflowId ?? '');
  if (closedIds.length === 0) return found;
  const { connection, options } = deps.client;
  const query = `WorkflowId IN (${[...new Set(closedIds)].map(quote).join(', ')}) AND ExecutionStatus != 'ContinuedAsNew'`;
  const newest = new Map<string, { run: string; at: number }>();
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const request = { namespace: options.namespace, query, nextPageToken: nextPageToken ?? null };
    const answer = await callTemporal(deps, () => connection.workflowService.listWorkflowExecutions(request));
    for (const one of answer.executions ?? []) {
      const { workflowId = '', runId = '' } = one.execution ?? {};
      const at = startOf(one);
      if (at > (newest.get(workflowId ?? '')?.at ?? -1)) newest.set(workflowId ?? '', { run: runId ?? '', at });
    }
    nextPageToken = answer.nextPageToken;
  } while (nextPageToken != null && nextPageToken.length > 0);
  const isNewest = ({ execution }: Execution) => {
    const newestRun = newest.get(execution?.workflowId ?? '');
    return newestRun === undefined || newestRun.run === execution?.runId;
  };
  return found.filter(isNewest);
}

/** The start in milliseconds, with their fraction. */
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

/** The names by their numbers in the Temporal API's enum WorkflowExecutionStatus. */
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

/** Writes the visibility query. The schema has checked all values already; they are quoted all the same. */
function visibilityQuery(
  { project_id: projectId, status, projects = '*' }: Partial<CallerQuery>,
  isKnown: boolean,
): string {
  const terms = [`WorkflowType = ${quote(BUILD_WORKFLOW)}`, `ExecutionStatus != 'ContinuedAsNew'`];
  const projectIds = projectId === undefined ? projects : [projectId];
  if (projectIds !== '*') {
    const termOf = (id: string) => (isKnown ? `ProjectId = ${quote(id)}` : `WorkflowId STARTS_WITH ${quote(`${id}.`)}`);
    terms.push(`(${projectIds.map(termOf).join(' OR ')})`);
  }
  // A workflow that an operator terminated keeps its last status attribute, so these two statuses are filtered by the card only.
  if (status !== undefined && isKnown && status !== 'cancelled' && status !== 'error') {
    terms.push(`BuildStatus = ${quote(status)}`);
  }
  return terms.join(' AND ');
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
