/**
 * PATCH request: the start request of a waiting build is amended; plan and code stay, and `request-retry` goes on with them.
 */
import type { ApiDeps } from '../deps';
import { amendRequest } from '../amend-request';
import { keyIn, senderIn } from '../headers';
import type { Route } from '../mount';
import { buildIdIn, parse } from '../parse';
import { amendSchema } from '../../requests/start-request';

export function amendRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'patch',
      path: '/api/workflows/:workflow_id/request',
      needs: 'operate',
      async handle(req, res) {
        const build = buildIdIn(req);
        const body = parse(amendSchema, req.body);
        res.json(await amendRequest(deps, build, { body, sender: senderIn(req), key: keyIn(req) }));
      },
    },
  ];
}
