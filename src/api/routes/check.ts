/**
 * POST check: the repository report without a build. Nothing is started that costs a call.
 */
import { checkRepository } from '../check';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { parse, projectIdIn } from '../parse';
import { presentCheck } from '../present/check';
import { checkSchema } from '../../requests/check-request';

const ASK_AGAIN_S = 2;

export function checkRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'post',
      path: '/api/workflows/:project_id/check',
      needs: 'operate',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const checked = await checkRepository(deps, projectId, parse(checkSchema, req.body));
        if (checked.result === undefined) res.status(202).set('Retry-After', String(ASK_AGAIN_S));
        res.json(await presentCheck(deps, projectId, checked));
      },
    },
  ];
}
