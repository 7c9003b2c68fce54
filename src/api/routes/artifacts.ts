/**
 * GET artifacts/{digest}: gives the content, if the build refers to it. Roles and callers write the content, so the headers stop
 * browsers from running it.
 */
import { isUtf8 } from 'node:buffer';
import type { Response } from 'express';
import { isDigest } from '../../domain/ids';
import { callerOf } from '../access/callers';
import { readState } from '../builds';
import { refersTo } from '../contents';
import { ownsArtifact } from '../own-artifacts';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { buildIdIn } from '../parse';
import { malformed, Problem } from '../problems';
import { redactContent } from '../redacting';
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
        const isNamed = callerOf(req).projects === '*' ? refersTo : ownsArtifact;
        if (!(await isNamed(deps, build, digest))) {
          throw new Problem('Artifact.Missing', 'this build refers to no such artifact');
        }
        const content = await deps.artifacts.get(digest);
        res.set({ 'Content-Security-Policy': 'sandbox', 'X-Content-Type-Options': 'nosniff' });
        const { type, shown } = await redactArtifact(deps, content, res);
        res.type(type).send(shown);
      },
    },
  ];
}

/** Removes secrets. The bytes then no longer match the digest, so X-Redacted gives the number of removed secrets. */
async function redactArtifact(
  { readers }: Pick<ApiDeps, 'readers'>,
  content: Buffer,
  res: Response,
): Promise<{ type: string; shown: Buffer }> {
  if (!isUtf8(content)) return { type: 'application/octet-stream', shown: content };
  const { text, found, isJson } = await redactContent(readers, content.toString('utf8'));
  if (text !== null) res.set('X-Redacted', String(found.length));
  return { type: isJson ? 'application/json' : 'text/plain', shown: text === null ? content : Buffer.from(text) };
}
