/**
 * What was taken out of a build later: how it is taken out, and how what its workflow still says is shown without it.
 */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { BuildState } from '../domain/build/state';
import { callKeysBegin } from '../domain/ids';
import { digestsIn, orchestratorsPart, ownOutputs } from '../domain/record/find-references';
import { redactValue, redactionOf } from '../inspect/secrets/redact';
import { markOf, withoutMarked } from '../inspect/secrets/marks';
import { inTexts, inWords } from '../inspect/secrets/words';
import type { KeptRedaction } from '../ports/documents';
import { nothingIfAbsent } from './contents';
import type { ApiDeps } from './deps';
import { Problem } from './problems';
import { withWholeTrail } from './whole-trail';

export const TAKEN_OUT = redactionOf('by request');

export interface Wanted {
  workflowId: string;
  /** What is to go: a text wherever it stands, or the whole content of a digest. */
  text?: string | undefined;
  digest?: string | undefined;
  reason: string;
  by: string;
}
export interface TakenOut {
  redaction: KeptRedaction;
  documents: number;
}

type Stores = Pick<ApiDeps, 'artifacts' | 'documents'>;

/** Oldest first. */
export async function loadRedactions({ documents }: Pick<ApiDeps, 'documents'>, workflowId: string) {
  const keys = await documents.list('redactions', `${workflowId}.`);
  const kept = await Promise.all(keys.map((key) => documents.load('redactions', key)));
  return kept.flatMap((one) => one ?? []).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Workflow ids of the builds that something was taken out of. */
export async function redactedBuilds({ documents }: Pick<ApiDeps, 'documents'>): Promise<Set<string>> {
  const keys = await documents.list('redactions', '');
  return new Set(keys.map((key) => key.slice(0, -UUID_CHARS - 1)));
}
const UUID_CHARS = 36;

/** Of what the workflow says, or of its finished document. */
export async function withoutTakenOut<T>(deps: Pick<ApiDeps, 'documents'>, workflowId: string, value: T): Promise<T> {
  const marks = (await loadRedactions(deps, workflowId)).flatMap(({ mark }) => mark ?? []);
  return withoutMarked(value, marks, TAKEN_OUT);
}

/** `build`: as it is before. Throws a problem where a digest is not the build's. */
export async function takeOut(deps: Stores, build: BuildState, wanted: Wanted): Promise<TakenOut> {
  const { exchange } = deps.artifacts;
  if (exchange === undefined) throw new Error('the artifact store cannot exchange content');
  const whole = await withWholeTrail(deps, build);
  const named = await artifactsOf(deps, whole);
  const contents: KeptRedaction['contents'] = [];
  if (wanted.digest !== undefined && !named.has(wanted.digest))
    throw new Problem('Artifact.Missing', 'this build refers to no such artifact');
  const leave = leaveOut(wanted.text ?? '');
  for (const [digest, content] of named) {
    const left = wanted.digest === digest ? TAKEN_OUT : wanted.text === undefined ? content : leave(content);
    if (left === content) continue;
    contents.push({ digest, redactedDigest: (await exchange(digest, left)).digest });
  }
  const mark = wanted.text === undefined ? null : markOf(wanted.text);
  const { by, reason } = redactValue({ by: wanted.by, reason: leave(wanted.reason) }).value;
  const redaction: KeptRedaction = { at: new Date().toISOString(), by, reason, mark, contents };
  await deps.documents.keepFirst('redactions', `${wanted.workflowId}.${randomUUID()}`, redaction);
  const documents = mark === null ? 0 : await redactDocuments(deps, wanted.workflowId, leave);
  return { redaction, documents };
}

/** The finished build, and the model calls: what later tries would adopt. */
async function redactDocuments(
  { documents }: Stores,
  workflowId: string,
  leave: (text: string) => string,
): Promise<number> {
  let count = 0;
  const change = async (collection: 'records' | 'calls', key: string) => {
    const kept = await documents.load(collection, key);
    if (kept === undefined) return;
    const left = inWords(kept, leave);
    if (JSON.stringify(left) === JSON.stringify(kept)) return;
    await documents.replace(collection, key, left as never);
    count += 1;
  };
  await change('records', workflowId);
  for (const key of await documents.list('calls', callKeysBegin(workflowId))) await change('calls', key);
  return count;
}

/** In a text; in JSON, in its texts alone, so that it stays JSON. */
function leaveOut(text: string): (content: string) => string {
  if (text === '') return (content) => content;
  const leave = (words: string): string => words.replaceAll(text, TAKEN_OUT);
  return (content) => (parseJson(content) === undefined ? leave(content) : inTexts(content, leave));
}

/**
 * By digest, the texts that a record of the build has: what an outsider's words name may be another build's, and is not followed. What
 * is no text has no text in it.
 */
async function artifactsOf({ artifacts }: Stores, build: BuildState): Promise<Map<string, string>> {
  const part = orchestratorsPart(build);
  const followed = ownOutputs(part);
  const found = new Map<string, string>();
  const queue = new Set([build.request, ...digestsIn(part)]);
  for (const digest of queue) {
    const bytes = await artifacts.get(digest).catch(nothingIfAbsent);
    if (bytes === undefined) continue;
    const content = bytes.toString('utf8');
    if (isUtf8(bytes)) found.set(digest, content);
    if (followed.has(digest)) for (const named of digestsIn(parseJson(content))) queue.add(named);
  }
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
