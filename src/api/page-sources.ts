/**
 * Reads the contents for the pages of the evidence: the outputs, the report of the experiments, the gate table of verification.
 */
import type { BuildState } from '../domain/build/state';
import { lastEvidence } from '../domain/evidence/gate-pages';
import type { KeptOutput } from '../domain/evidence/gate-pages';
import { lastOutputs } from '../domain/evidence/pages';
import type { PageSources } from '../domain/evidence/pages';
import type { GateVerdict } from '../domain/gates/gate';
import { verificationText } from '../domain/ids';
import type { Phase } from '../domain/roles';
import { sha256 } from '../inspect/digest';
import { readContent } from './contents';
import type { ApiDeps } from './deps';

type Stores = Pick<ApiDeps, 'artifacts' | 'documents'>;

/** `build` needs its whole audit trail if old outputs that were sent back must be shown, too. */
export async function readPageSources(deps: Stores, build: BuildState): Promise<PageSources> {
  const refs = Object.entries(lastOutputs(build));
  const [contents, verified] = await Promise.all([
    Promise.all(refs.map(([, { digest }]) => readContent(deps, digest, build.unsaved))),
    readGateTable(deps.documents, build),
  ]);
  const outputs: Partial<Record<Phase, KeptOutput>> = {};
  for (const [index, [phase, ref]] of refs.entries()) outputs[phase as Phase] = { ref, content: contents[index] };
  const digest = lastEvidence({ build, outputs })?.experiments?.reportDigest;
  const report = digest === undefined ? undefined : await readContent(deps, digest);
  return { build, outputs, verified: verified ?? [], report };
}

/** Reads the gate table that verification stored when it passed exactly these outputs. */
export async function readGateTable(
  documents: ApiDeps['documents'],
  build: BuildState,
): Promise<GateVerdict[] | undefined> {
  const outputs = Object.fromEntries(Object.entries(build.outputs).map(([phase, { digest }]) => [phase, digest]));
  const judged = await documents.load('verified', sha256(verificationText({ ...build, outputs })));
  return judged?.gates;
}
