/**
 * Reads the model calls of a build for its record: model, prompt, usage, and the digest of the answer.
 */
import type { DocumentStore, StoredCall } from '../../ports/documents';
import { canonicalJson } from '../../domain/canonical';
import type { Body } from '../../domain/record/format';
import { digestOf } from '../../inspect/digest';
import { callKeyPrefix, parseCallKey, workflowIdOf } from '../../domain/ids';
import type { BuildLine } from '../../domain/ids';

export async function loadCalls(
  documents: DocumentStore,
  build: BuildLine,
): Promise<Array<{ at: string; body: Body }>> {
  const callKeys = await documents.list('calls', callKeyPrefix(workflowIdOf(build)));
  const keys = callKeys.filter((key) => parseCallKey(key)?.requestKey === build.requestKey);
  const calls = await Promise.all(keys.map(async (key) => ({ key, call: await documents.load('calls', key) })));
  return calls
    .flatMap(({ key, call }) => (call === undefined ? [] : [{ at: call.at, body: describe(key, call) }]))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Describes a call without its answer: the outputs have what was accepted of it. */
function describe(key: string, { reply, promptDigest, guides, paid }: StoredCall): Body {
  const { phase = null, generation = null, attempt = null, step = null } = parseCallKey(key) ?? {};
  const position = { phase, generation, attempt, step };
  const { model, scripted, usage, calls, kind } = reply;
  const answer = digestOf(canonicalJson(reply));
  const guidesMember = guides === undefined ? {} : { guides };
  const cost = paid === undefined ? {} : { paid };
  return { ...position, model, scripted, promptDigest, kind, calls, usage, answer, ...cost, ...guidesMember };
}
