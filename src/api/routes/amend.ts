/**
 * PATCH request: amends the start request of a waiting build. Plan and code stay; `request-retry` continues with them.
 */
import type { ApiDeps } from '../deps';
import { amendRequest } from '../amend-request';
import { presentWarnings, readAmendSecrets } from '../found-secrets';
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
        const { body, warnings } = await readAmendSecrets(deps.readers, parse(amendSchema, req.body));
        const answer = await amendRequest(deps, build, { body, sender: senderIn(req), key: keyIn(req) });
        res.json({ ...answer, ...presentWarnings(warnings) });
      },
    },
  ];
}
