/**
 * The routes that read several builds: a project's stats, and the list of builds.
 */
import { callerOf } from '../access/callers';
import type { ApiDeps } from '../deps';
import { listBuilds } from '../listing';
import { readStats } from '../stats';
import type { Route } from '../mount';
import { parse, projectIdIn } from '../parse';
import { presentListed } from '../present/status';
import { presentStats } from '../present/stats';
import { listQuerySchema } from '../queries';

export function projectRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/project/:project_id/stats',
      needs: 'read',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        res.json(presentStats(projectId, await readStats(deps, projectId)));
      },
    },
    {
      method: 'get',
      path: '/api/workflows',
      needs: 'read',
      async handle(req, res) {
        const { projects } = callerOf(req);
        const page = await listBuilds(deps, { ...parse(listQuerySchema, req.query), projects });
        const workflows = page.builds.map(({ workflowId, card }) => presentListed(workflowId, card));
        res.json({ workflows, next_cursor: page.cursor });
      },
    },
  ];
}
