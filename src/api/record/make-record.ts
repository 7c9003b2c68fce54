/**
 * Makes the portable record of a build: reads its parts, orders them, links them in a hash chain and signs the head.
 */
import { withSavedContent } from '../../domain/build/outcomes';
import type { BuildState } from '../../domain/build/state';
import { canonicalJson } from '../../domain/canonical';
import { pagesOf } from '../../domain/evidence/pages';
import { draftEntries } from '../../domain/record/entries';
import { RECORD_FORMAT, RECORD_VERSION, signedPart } from '../../domain/record/format';
import type { BuildRecord, Draft } from '../../domain/record/format';
import { workflowIdOf } from '../../domain/ids';
import type { ApiDeps } from '../deps';
import { isLarge, readInThread } from '../redacting';
import { loadRedactions } from '../redactions';
import { readPageSources } from '../page-sources';
import { sealedRecord } from '../../inspect/readings/sealed-record';
import { redactHandedText } from '../../inspect/secrets/handed-over';
import { withWholeTrail } from '../whole-trail';
import { loadArtifacts } from './load-artifacts';
import type { EmbedBounds } from './load-artifacts';
import { loadCalls } from './load-calls';

const BOUNDS: EmbedBounds = { eachBytes: 512 * 1024, totalBytes: 8 * 1024 * 1024 };

type RecordDeps = Pick<ApiDeps, 'artifacts' | 'documents' | 'readers' | 'signText'>;

export async function makeRecord(deps: RecordDeps, build: BuildState, bounds = BOUNDS): Promise<BuildRecord> {
  const fullBuild = await withWholeTrail(deps, await keepUnsaved(deps, build));
  const { artifacts, contents } = await loadArtifacts(deps.artifacts, fullBuild, bounds);
  const calls = await loadCalls(deps.documents, fullBuild);
  const pages = pagesOf(await readPageSources(deps, fullBuild));
  // Through JSON, so that the hashes are of exactly the members that a reader of the file gets.
  const drafts = JSON.parse(
    JSON.stringify(draftEntries({ build: fullBuild, calls, pages, artifacts, contents })),
  ) as Draft[];
  const redactions = await loadRedactions(deps, workflowIdOf(fullBuild));
  const parts = { drafts, contents, kept: redactions };
  const sealed = isLarge(parts) ? await readInThread(deps.readers, 'sealedRecord', parts) : sealedRecord(parts);
  const { entries, head } = sealed;
  const signature = await deps.signText(canonicalJson(signedPart(head)));
  return { format: RECORD_FORMAT, version: RECORD_VERSION, head, signature, entries, contents: sealed.contents };
}

/**
 * Stores contents that came by signal and that the worker has not stored yet, and replaces their provisional digests. The worker
 * will store the same contents again.
 */
async function keepUnsaved({ artifacts }: RecordDeps, build: BuildState): Promise<BuildState> {
  let savedBuild = build;
  for (const [provisionalDigest, content] of Object.entries(build.unsaved)) {
    savedBuild = withSavedContent(
      savedBuild,
      provisionalDigest,
      (await artifacts.put(redactHandedText(content))).digest,
    );
  }
  return savedBuild;
}
