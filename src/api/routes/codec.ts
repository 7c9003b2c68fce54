/**
 * The remote codec for Temporal's Web UI and `temporal` command (`--codec-endpoint`): decodes and encodes payloads, as JSON.
 *
 * Without keys payloads stay unchanged. Of web pages, only those of the Web UI may call it (`browsers.ts`).
 */
import { z } from 'zod';
import type { Payload } from '@temporalio/common';
import type { Caller } from '../../domain/access';
import { callerOf } from '../access/callers';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { parse } from '../parse';
import { Problem, malformed } from '../problems';
import { SKIP_REDACTION } from '../redact-answers';

const MAX_PAYLOADS = 10_000;
const base64Schema = z.string({ error: 'must be bytes in base64' });
const payloadSchema = z.object({
  metadata: z.record(z.string(), base64Schema).optional(),
  data: base64Schema.optional(),
});
const payloadsSchema = z.object({
  payloads: z
    .array(payloadSchema, { error: 'must be a list of payloads' })
    .max(MAX_PAYLOADS, `must be at most ${MAX_PAYLOADS}`),
});
type JsonPayload = z.output<typeof payloadSchema>;

export function codecRoutes(deps: ApiDeps): Route[] {
  return (['decode', 'encode'] as const).map((verb) => ({
    method: 'post',
    path: `/codec/${verb}`,
    needs: 'administer',
    async handle(req, res) {
      refuseLimitedToken(callerOf(req));
      const { namespace } = deps.client.options;
      const askedNamespace = req.get('X-Namespace');
      if (askedNamespace !== undefined && askedNamespace !== namespace)
        throw malformed('X-Namespace', `is another namespace than that of this installation, "${namespace}"`);
      const { payloads } = parse(payloadsSchema, req.body);
      res.locals[SKIP_REDACTION] = true;
      res.json({ payloads: (await convert(deps, verb, payloads.map(readPayload))).map(writePayload) });
    },
  }));
}

/** A payload does not name its project, so only tokens for all projects may decode. */
function refuseLimitedToken({ name, projects }: Caller): void {
  if (projects === '*') return;
  const message = `the codec reads and writes payloads of all projects; the token of ${name} is limited to some: use a token without --projects`;
  throw new Problem('Access.Forbidden', message);
}

async function convert({ client }: ApiDeps, verb: 'decode' | 'encode', input: Payload[]): Promise<Payload[]> {
  const { payloadCodecs } = client.options.loadedDataConverter;
  let payloads = input;
  try {
    for (const codec of verb === 'encode' ? payloadCodecs : [...payloadCodecs].reverse())
      payloads = await codec[verb](payloads);
    return payloads;
  } catch (error) {
    throw new Problem('Payload.Unreadable', error instanceof Error ? error.message : String(error));
  }
}

function readPayload({ metadata = {}, data }: JsonPayload): Payload {
  const entries = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const);
  return {
    metadata: Object.fromEntries(entries),
    ...(data === undefined ? {} : { data: Buffer.from(data, 'base64') }),
  };
}

function writePayload({ metadata, data }: Payload): JsonPayload {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, toBase64(value)] as const);
  return { metadata: Object.fromEntries(entries), ...(data == null ? {} : { data: toBase64(data) }) };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
