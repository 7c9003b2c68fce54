/**
 * Makes links into the Temporal Web UI: lists of workflows, filtered by their search attributes.
 *
 * The Web UI keeps its columns in the browser, so a link can set a filter but no columns.
 */
import { BUILD_WORKFLOW, PROJECT_WORKFLOW } from '../workflows/messages';

export interface WebUi {
  /** Without a slash at its end. */
  url: string;
  namespace: string;
}

export interface WebUiLink {
  name: string;
  url: string;
  /** The filter, as the Web UI and `temporal workflow list --query` take it. */
  query: string;
}

const BUILDS = `WorkflowType="${BUILD_WORKFLOW}"`;

/** Each list has one type of workflow, since ledgers and installations are workflows, too. */
const LISTS = [
  {
    name: 'builds that need a person',
    query: `ExecutionStatus="Running" AND ${BUILDS} AND (BuildStatus="waiting" OR BuildStatus="error")`,
  },
  { name: 'all builds', query: BUILDS },
  { name: 'ledgers of projects', query: `WorkflowType="${PROJECT_WORKFLOW}"` },
] as const;

export function webUiLinks({ url, namespace }: WebUi): WebUiLink[] {
  const list = `${url}/namespaces/${encodeURIComponent(namespace)}/workflows?query=`;
  return LISTS.map(({ name, query }) => ({ name, query, url: list + encodeURIComponent(query) }));
}
