/**
 * The model calls of a build: which model, which prompt, what it used, and the digest of what it answered.
 */
import type { KeptCall } from '../../activities/ask-role';
import type { DocumentStore } from '../../ports/documents';
import { canonicalJson } from '../../domain/canonical';
import type { Body } from '../../domain/record/format';
import { digestOf } from '../digest';

const POSITION = /\.([a-z]+)\.g(\d+)\.a(\d+)\.s(\d+)$/;

export async function loadCalls(
  documents: DocumentStore,
  workflowId: string,
): Promise<Array<{ at: string; body: Body }>> {
  const keys = await documents.list('calls', `${workflowId}.`);
  const calls = await Promise.all(
    keys.map(async (key) => ({ key, call: await documents.load<KeptCall>('calls', key) })),
  );
  return calls
    .flatMap(({ key, call }) => (call === undefined ? [] : [{ at: call.at, body: describe(key, call) }]))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** The answer itself is not embedded: what came of it stands in the outputs. */
function describe(key: string, { reply, promptDigest }: KeptCall): Body {
  const [, phase = null, generation, attempt, step] = POSITION.exec(key) ?? [];
  const position = { phase, generation: Number(generation), attempt: Number(attempt), step: Number(step) };
  const { model, scripted, usage, calls, kind } = reply;
  const answer = `sha256:${digestOf(canonicalJson(reply))}`;
  return { ...position, model, scripted, promptDigest, kind, calls, usage, answer };
}
