/**
 * GET artifacts/{digest}: content as it was kept, if the build refers to it. It may be anything a role or a caller wrote, so no browser may run it.
 */
import { isUtf8 } from 'node:buffer';
import type { Response } from 'express';
import { isDigest } from '../../domain/ids';
import { redactContent } from '../../inspect/secrets/redact';
import { callerOf } from '../access/callers';
import { readState } from '../builds';
import { refersTo } from '../contents';
import { isOwnOf } from '../own-artifacts';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { buildIdIn } from '../parse';
import { malformed, Problem } from '../problems';
import { withWholeTrail } from '../whole-trail';

export function artifactRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/artifacts/:digest',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const { digest } = req.params;
        if (!isDigest(digest)) {
          throw malformed('digest', 'must be "sha256:" and 64 lower-case hex digits');
        }
        const build = await withWholeTrail(deps, await readState(deps, workflowId));
        const isNamed = callerOf(req).projects === '*' ? refersTo : isOwnOf;
        if (!(await isNamed(deps, build, digest))) {
          throw new Problem('Artifact.Missing', 'this build refers to no such artifact');
        }
        const content = await deps.artifacts.get(digest);
        res.set({ 'Content-Security-Policy': 'sandbox', 'X-Content-Type-Options': 'nosniff' });
        res.type(mediaTypeOf(content)).send(withoutSecrets(content, res));
      },
    },
  ];
}

/** Where something was taken out the bytes are not those of the digest any more: a header says how much it was. */
function withoutSecrets(content: Buffer, res: Response): Buffer {
  if (!isUtf8(content)) return content;
  const { text, found } = redactContent(content.toString('utf8'));
  if (found.length === 0) return content;
  res.set('X-Redacted', String(found.length));
  return Buffer.from(text);
}

function mediaTypeOf(content: Buffer): string {
  if (!isUtf8(content)) return 'application/octet-stream';
  try {
    JSON.parse(content.toString('utf8'));
    return 'application/json';
  } catch {
    return 'text/plain';
  }
}
