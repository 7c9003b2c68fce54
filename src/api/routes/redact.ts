/**
 * POST redact: removes a text, or a whole artifact, from what is stored of a build. Its record then names the redaction.
 */
import { z } from 'zod';
import { isDigest } from '../../domain/ids';
import { text } from '../../requests/fields';
import { readState } from '../builds';
import type { ApiDeps } from '../deps';
import { senderIn } from '../headers';
import type { Route } from '../mount';
import { buildIdIn, parse } from '../parse';
import { redactBuild } from '../redactions';

/** Shorter texts occur in ordinary words. */
const MIN_CHARS = 6;
const redactSchema = z
  .strictObject({
    text: text(10_000)
      .refine((value) => value.length >= MIN_CHARS, `must have at least ${MIN_CHARS} characters`)
      .optional(),
    digest: z.string().refine(isDigest, 'must be "sha256:" and 64 lower-case hex digits').optional(),
    reason: text(2_000),
  })
  .refine(({ text: given, digest }) => (given === undefined) !== (digest === undefined), {
    message: 'must have exactly one of text and digest',
  });

export function redactRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'post',
      path: '/api/workflows/:workflow_id/redact',
      needs: 'administer',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const request = { ...parse(redactSchema, req.body), workflowId, by: senderIn(req).actor };
        const { redaction, documents } = await redactBuild(deps, await readState(deps, workflowId), request);
        const { at, by, reason, contents } = redaction;
        res.json({
          ...{ workflow_id: workflowId, redacted_at: at, by, reason },
          ...{ artifacts: contents.map(({ digest }) => digest), documents },
          remains: REMAINS,
        });
      },
    },
  ];
}

const REMAINS = [
  'The history in Temporal cannot be changed; it goes with its retention, or when the workflow is deleted. Payload keys keep it unreadable to others.',
  'Branches of the repository and live releases are not changed.',
  'The build may write the text again: repeat the redaction when the build has ended.',
];
