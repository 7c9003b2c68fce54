/**
 * The builds as the server has them: seen by their ids, listed by its visibility, their states asked of a worker.
 */
import { WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { isObject } from '../../domain/json';
import type { BuildsThere, SeenBuild } from '../../ports/project-ledger';
import { BUILD_WORKFLOW, buildQuery } from '../../workflows/messages';
import { idOf, listWorkflows } from './list-workflows';

const ANSWERS_WITHIN_MS = 8_000;

export function createBuildsThere(client: Client): BuildsThere {
  const soon = <T>(call: () => Promise<T>) => client.connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, call);
  return {
    async see(workflowId) {
      try {
        const seen = await soon(() => client.workflow.getHandle(workflowId).describe());
        if (seen.type !== BUILD_WORKFLOW) return null;
        const { runId: run, status, startTime, closeTime, memo } = seen;
        const isRunning = status.name === 'RUNNING';
        const closedAt = closeTime?.toISOString() ?? null;
        const at = { startedAt: startTime.toISOString(), closedAt };
        return { run, isRunning, status: status.name.toLowerCase(), ...at, revision: revisionIn(memo?.card) };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
    async stateOf(workflowId, run) {
      try {
        return await soon(() => client.workflow.getHandle(workflowId, run).query(buildQuery));
      } catch (error) {
        // Nothing to replay, a workflow that is no build, or no worker at the moment; a server that is away is another matter.
        if (isGrpcServiceError(error)) throw error;
        return null;
      }
    },
    async list(projectId, { running, limit }) {
      const which = running ? `ExecutionStatus = 'Running'` : `ExecutionStatus != 'ContinuedAsNew'`;
      // Not by an attribute, which a server may not have; an id has no character that could end the text.
      const ofProject = `WorkflowType = '${BUILD_WORKFLOW}' AND WorkflowId STARTS_WITH '${projectId}.'`;
      const found = new Set<string>();
      const query = `${ofProject} AND ${which}`;
      for await (const one of listWorkflows(client, query)) {
        found.add(idOf(one).slice(projectId.length + 1));
        if (found.size >= limit) break;
      }
      return [...found];
    },
  };
}

function revisionIn(card: unknown): SeenBuild['revision'] {
  const { revision } = isObject(card) ? card : {};
  return typeof revision === 'number' ? revision : null;
}
