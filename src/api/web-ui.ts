/**
 * Addresses in the Temporal Web UI: lists of builds that are filtered by what the builds tell of themselves.
 *
 * The Web UI keeps its columns in the browser, so an address can name a filter and no columns.
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

/** Ledgers and installations are workflows too: each list has one type. */
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
