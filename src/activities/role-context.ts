/**
 * Assembles the first message of a role: reads files, diffs and reports from git and the artifact store and gives them to
 * `assembleContext`.
 */
import { assembleContext, contextIncludes } from '../domain/context';
import type { ContextSources } from '../domain/context';
import type { GuideRef } from '../domain/guides';
import { PHASES } from '../domain/roles';
import type { InputFile } from '../ports/model';
import { attachmentsOf } from './attachments';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { guidesOfBase } from './guides';
import { loadJson } from './load-request';
import type { Sources } from './sources';

interface Subject extends Pick<ContextSources, 'evidence' | 'gates' | 'oldTests'> {
  sources: Sources;
  /** The build's base commit and its current commit. Without `commit` the message shows no files and no diff. */
  base?: string;
  commit?: string;
}

/** The first message of a role's conversation. */
export interface FirstMessage {
  text: string;
  files: InputFile[];
  /** References to the files for agents that the text shows. */
  guides: GuideRef[];
}

export async function roleContext(
  deps: Pick<Deps, 'workspace' | 'artifacts'>,
  task: PhaseTask,
  subject: Subject,
): Promise<FirstMessage> {
  const { workspace, artifacts } = deps;
  const { sources, base, commit, evidence, gates, oldTests } = subject;
  const { projectId, buildId, phase } = task;
  const repo = { projectId, buildId };
  const optionalParts: Pick<ContextSources, 'files' | 'diff' | 'changed' | 'failing' | 'experiments'> = {};
  const failing = evidence !== 'pending' ? (evidence?.failuresDigest ?? task.failing) : task.failing;
  if (failing != null && contextIncludes(phase, 'failing_tests'))
    optionalParts.failing = await loadJson(artifacts, failing);
  const report = evidence === 'pending' ? undefined : evidence?.experiments?.reportDigest;
  if (report !== undefined && contextIncludes(phase, 'experiments'))
    optionalParts.experiments = await loadJson(artifacts, report);
  if (commit !== undefined && contextIncludes(phase, 'files'))
    optionalParts.files = (await workspace.list({ ...repo, commit })).map(({ path }) => path);
  if (commit !== undefined && base !== undefined && contextIncludes(phase, 'diff')) {
    optionalParts.diff = await workspace.diff(repo, base, commit);
    optionalParts.changed = (await workspace.contentChanges(repo, base, commit)).map(({ path }) => path);
  }
  const outputs = Object.fromEntries(PHASES.map((earlier) => [earlier, sources.outputs[earlier]?.stored]));
  const guides = await guidesOfBase(deps, { ...task, base: base ?? task.base }, sources.request);
  const { request } = sources;
  const text = assembleContext(task, { request, outputs, evidence, gates, oldTests, guides, ...optionalParts });
  return { text, files: attachmentsOf(request, phase), guides: guides?.refs ?? [] };
}
