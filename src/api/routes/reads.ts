/**
 * The routes that read one build: status, history, events, approvals, evidence.
 */
import { readBuildView, readState } from '../builds';
import { readStatusContents } from '../status-contents';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { buildIdIn, parse } from '../parse';
import { readPageSources } from '../page-sources';
import { presentApprovals } from '../present/approvals';
import { presentEvidence } from '../present/evidence';
import { presentEvents, presentStatus } from '../present/status';
import { presentHistory } from '../present/history';
import { evidenceQuerySchema, historyQuerySchema } from '../queries';
import { withWholeTrail } from '../whole-trail';

export function readRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/status',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const view = await readBuildView(deps, workflowId);
        const contents = await readStatusContents(deps, view.card);
        res.json(presentStatus(workflowId, view, { ...contents, now: Date.now() }));
      },
    },
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/history',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const { limit } = parse(historyQuerySchema, req.query);
        const build = await readState(deps, workflowId);
        const hasEnoughHandoffs = build.handoffs.length >= limit;
        res.json(await presentHistory(deps, hasEnoughHandoffs ? build : await withWholeTrail(deps, build), limit));
      },
    },
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/events',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        res.json(presentEvents(workflowId, await withWholeTrail(deps, await readState(deps, workflowId))));
      },
    },
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/approvals',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        res.json(await presentApprovals(deps, workflowId, await readState(deps, workflowId)));
      },
    },
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/evidence',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const { name } = parse(evidenceQuerySchema, req.query);
        const build = await withWholeTrail(deps, await readState(deps, workflowId));
        res.json(presentEvidence(workflowId, await readPageSources(deps, build), name));
      },
    },
  ];
}
