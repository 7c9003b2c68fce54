/**
 * Reads builds from the Temporal server: one build by its id, lists by visibility, and states by a query to a worker.
 */
import { WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { isObject } from '../../domain/json';
import type { BuildLookup, WorkflowState } from '../../ports/project-ledger';
import { BUILD_WORKFLOW, buildQuery } from '../../workflows/messages';
import { idOf, listWorkflows } from './list-workflows';

const TIMEOUT_MS = 8_000;

export function createBuildLookup(client: Client): BuildLookup {
  const withDeadline = <T>(call: () => Promise<T>) => client.connection.withDeadline(Date.now() + TIMEOUT_MS, call);
  return {
    async see(workflowId) {
      try {
        const described = await withDeadline(() => client.workflow.getHandle(workflowId).describe());
        if (described.type !== BUILD_WORKFLOW) return null;
        const { runId: run, status, startTime, closeTime, memo } = described;
        const isRunning = status.name === 'RUNNING';
        const closedAt = closeTime?.toISOString() ?? null;
        const times = { startedAt: startTime.toISOString(), closedAt };
        return { run, isRunning, status: status.name.toLowerCase(), ...times, revision: revisionIn(memo?.card) };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
    async stateOf(workflowId, run) {
      try {
        return await withDeadline(() => client.workflow.getHandle(workflowId, run).query(buildQuery));
      } catch (error) {
        // There is nothing to replay, the workflow is not a build, or no worker runs. An error of the server is thrown.
        if (isGrpcServiceError(error)) throw error;
        return null;
      }
    },
    async list(projectId, { running, limit }) {
      const byStatus = running ? `ExecutionStatus = 'Running'` : `ExecutionStatus != 'ContinuedAsNew'`;
      // It searches by the workflow id, as a server may lack the search attributes. An id contains no quote.
      const ofProject = `WorkflowType = '${BUILD_WORKFLOW}' AND WorkflowId STARTS_WITH '${projectId}.'`;
      const found = new Set<string>();
      const query = `${ofProject} AND ${byStatus}`;
      for await (const listed of listWorkflows(client, query)) {
        found.add(idOf(listed).slice(projectId.length + 1));
        if (found.size >= limit) break;
      }
      return [...found];
    },
  };
}

function revisionIn(card: unknown): WorkflowState['revision'] {
  const { revision } = isObject(card) ? card : {};
  return typeof revision === 'number' ? revision : null;
}
