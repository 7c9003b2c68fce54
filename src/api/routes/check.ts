/**
 * POST check: makes the repository report without a build, and without a model call.
 */
import { checkRepository } from '../check';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { parse, projectIdIn } from '../parse';
import { presentCheck } from '../present/check';
import { checkSchema } from '../../requests/check-request';

const RETRY_AFTER_S = 2;

export function checkRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'post',
      path: '/api/workflows/:project_id/check',
      needs: 'operate',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const checked = await checkRepository(deps, projectId, parse(checkSchema, req.body));
        if (checked.result === undefined) res.status(202).set('Retry-After', String(RETRY_AFTER_S));
        res.json(await presentCheck(deps, projectId, checked));
      },
    },
  ];
}
