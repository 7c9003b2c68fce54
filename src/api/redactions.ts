/**
 * Redacts a build on request: removes a text or an artifact from what is stored of it, and hides it in what its workflow still has.
 */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { BuildState } from '../domain/build/state';
import { callKeyPrefix } from '../domain/ids';
import { digestsIn, orchestratorPart, orchestratorOutputs } from '../domain/record/find-references';
import { redactValue, redactionOf } from '../inspect/secrets/redact';
import { markOf, redactMarked } from '../inspect/secrets/marks';
import { inTexts, inWords } from '../inspect/secrets/words';
import type { KeptRedaction } from '../ports/documents';
import { undefinedIfMissing } from './contents';
import type { ApiDeps } from './deps';
import { Problem } from './problems';
import { withWholeTrail } from './whole-trail';

export const REDACTED = redactionOf('by request');

export interface RedactionRequest {
  workflowId: string;
  /** A text to remove wherever it occurs. Exactly one of `text` and `digest` is given. */
  text?: string | undefined;
  /** The artifact whose whole content is to be removed. */
  digest?: string | undefined;
  reason: string;
  by: string;
}
export interface RedactionResult {
  redaction: KeptRedaction;
  documents: number;
}

type Stores = Pick<ApiDeps, 'artifacts' | 'documents'>;

/** Loads the redactions of a build, oldest first. */
export async function loadRedactions({ documents }: Pick<ApiDeps, 'documents'>, workflowId: string) {
  const keys = await documents.list('redactions', `${workflowId}.`);
  const redactions = await Promise.all(keys.map((key) => documents.load('redactions', key)));
  return redactions.flatMap((one) => one ?? []).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Gives the workflow ids of all builds that have redactions. */
export async function redactedBuilds({ documents }: Pick<ApiDeps, 'documents'>): Promise<Set<string>> {
  const keys = await documents.list('redactions', '');
  return new Set(keys.map((key) => key.slice(0, -UUID_CHARS - 1)));
}
const UUID_CHARS = 36;

/** Applies the build's redactions to a value that its workflow answered, or to its record. */
export async function withoutRedactions<T>(deps: Pick<ApiDeps, 'documents'>, workflowId: string, value: T): Promise<T> {
  const marks = (await loadRedactions(deps, workflowId)).flatMap(({ mark }) => mark ?? []);
  return redactMarked(value, marks, REDACTED);
}

/** Redacts a build; `build` is its state before the redaction. Throws `Artifact.Missing` if it does not refer to the digest. */
export async function redactBuild(deps: Stores, build: BuildState, wanted: RedactionRequest): Promise<RedactionResult> {
  const { exchange } = deps.artifacts;
  if (exchange === undefined) throw new Error('the artifact store cannot exchange content');
  const fullBuild = await withWholeTrail(deps, build);
  const namedTexts = await readTextArtifacts(deps, fullBuild);
  const contents: KeptRedaction['contents'] = [];
  if (wanted.digest !== undefined && !namedTexts.has(wanted.digest))
    throw new Problem('Artifact.Missing', 'this build refers to no such artifact');
  const redactText = createRedactor(wanted.text ?? '');
  for (const [digest, content] of namedTexts) {
    const redactedContent =
      wanted.digest === digest ? REDACTED : wanted.text === undefined ? content : redactText(content);
    if (redactedContent === content) continue;
    contents.push({ digest, redactedDigest: (await exchange(digest, redactedContent)).digest });
  }
  const mark = wanted.text === undefined ? null : markOf(wanted.text);
  const { by, reason } = redactValue({ by: wanted.by, reason: redactText(wanted.reason) }).value;
  const redaction: KeptRedaction = { at: new Date().toISOString(), by, reason, mark, contents };
  await deps.documents.keepFirst('redactions', `${wanted.workflowId}.${randomUUID()}`, redaction);
  const documents = mark === null ? 0 : await redactDocuments(deps, wanted.workflowId, redactText);
  return { redaction, documents };
}

/** Redacts the record and the stored model calls, which a later attempt would reuse. */
async function redactDocuments(
  { documents }: Stores,
  workflowId: string,
  redactText: (text: string) => string,
): Promise<number> {
  let count = 0;
  const redactDocument = async (collection: 'records' | 'calls', key: string) => {
    const document = await documents.load(collection, key);
    if (document === undefined) return;
    const redactedDocument = inWords(document, redactText);
    if (JSON.stringify(redactedDocument) === JSON.stringify(document)) return;
    await documents.replace(collection, key, redactedDocument as never);
    count += 1;
  };
  await redactDocument('records', workflowId);
  for (const key of await documents.list('calls', callKeyPrefix(workflowId))) await redactDocument('calls', key);
  return count;
}

/** Makes a function that removes the text from a content; in JSON from its strings only, so that it stays JSON. */
function createRedactor(text: string): (content: string) => string {
  if (text === '') return (content) => content;
  const replace = (words: string): string => words.replaceAll(text, REDACTED);
  return (content) => (parseJson(content) === undefined ? replace(content) : inTexts(content, replace));
}

/**
 * Reads, by digest, the text artifacts that a record of the build would have. Digests in outputs of outside agents are not
 * followed: they may belong to another build.
 */
async function readTextArtifacts({ artifacts }: Stores, build: BuildState): Promise<Map<string, string>> {
  const part = orchestratorPart(build);
  const outputDigests = orchestratorOutputs(part);
  const found = new Map<string, string>();
  const queue = new Set([build.request, ...digestsIn(part)]);
  for (const digest of queue) {
    const bytes = await artifacts.get(digest).catch(undefinedIfMissing);
    if (bytes === undefined) continue;
    const content = bytes.toString('utf8');
    if (isUtf8(bytes)) found.set(digest, content);
    if (outputDigests.has(digest)) for (const named of digestsIn(parseJson(content))) queue.add(named);
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
