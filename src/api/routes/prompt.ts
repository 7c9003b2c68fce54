/**
 * GET prompt: gives the prompt that a model would get for the current phase, for an outside agent that does the role's work.
 */
import type { BuildState } from '../../domain/build/state';
import { diagnosisFor } from '../../domain/build/stuck';
import { assembleContext, contextIncludes } from '../../domain/context';
import type { ContextSources } from '../../domain/context';
import { firstMember } from '../../domain/json';
import { PHASE_OWNER } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import { phaseOf } from '../../domain/states';
import { readGuides } from '../../inspect/read-guides';
import { readContent, readRequest } from '../contents';
import { readState } from '../builds';
import { readReport } from '../status-contents';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { readGateTable } from '../page-sources';
import { buildIdIn } from '../parse';
import { Problem } from '../problems';

export function promptRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/prompt',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const build = await readState(deps, workflowId);
        const phase = phaseToPrompt(build);
        const { text, digest } = deps.prompts.of(phase);
        res.json({
          ...{ workflow_id: workflowId, role: PHASE_OWNER[phase], phase, current_state: build.state },
          ...{ system_prompt: text, system_prompt_digest: digest },
          context: await contextOf(deps, build, phase),
        });
      },
    },
  ];
}

/** In a handoff state the next phase; in `error` the failed one, since a retry repeats it. */
function phaseToPrompt(build: BuildState): Phase {
  const phase = build.state === 'error' ? (build.failure?.phase ?? null) : phaseOf(build.state);
  if (phase !== null && !build.cancelled) return phase;
  const members = { current_state: build.state, legal: [] };
  throw new Problem('Command.Finished', 'the build is finished; no role is prompted any more', members);
}

async function contextOf(deps: ApiDeps, build: BuildState, phase: Phase): Promise<string> {
  const outputs: ContextSources['outputs'] = {};
  for (const [name, { digest }] of Object.entries(build.outputs)) {
    outputs[name as Phase] = await readContent(deps, digest, build.unsaved);
  }
  // A phase that has not begun will begin with the next attempt.
  const attempt = build.attempts[phase] + (build.state === phase ? 0 : 1);
  const request = await readRequest(deps, build.request);
  return assembleContext(
    { ...build, phase, attempt, stuck: { diagnosis: diagnosisFor(build, phase) } },
    {
      request: request ?? { requirements: null, metadata: undefined },
      guides: request?.repository === undefined ? null : await guidesFor(deps, build),
      outputs,
      evidence: evidenceFor(phase, build),
      experiments: contextIncludes(phase, 'experiments') ? await reportFor(deps, phase, build) : undefined,
      gates: contextIncludes(phase, 'gates') ? await gatesFor(deps, build) : undefined,
      failing: build.failing != null ? await readContent(deps, build.failing, build.unsaved) : undefined,
      ...(await readFilesAndDiff(deps, build, phase)),
    },
  );
}

/** Testing and verification get evidence of exactly their commit; until it is measured, it is `pending`. */
function evidenceFor(phase: Phase, { evidence, base, commit }: BuildState): ContextSources['evidence'] {
  return phase === 'deployment' || evidence?.commit === (commit ?? base) ? evidence : 'pending';
}

async function reportFor(deps: ApiDeps, phase: Phase, build: BuildState): Promise<unknown> {
  const evidence = evidenceFor(phase, build);
  const digest = evidence === 'pending' ? undefined : evidence?.experiments?.reportDigest;
  return digest === undefined ? undefined : readContent(deps, digest);
}

/** Gives the gate table that verification stored when it passed exactly these outputs. */
async function gatesFor({ documents }: ApiDeps, build: BuildState): Promise<ContextSources['gates']> {
  return (await readGateTable(documents, build)) ?? 'pending';
}

/** Reads the guides at the base. Before the build has one, the repository report names the commit. */
async function guidesFor(deps: ApiDeps, build: BuildState): Promise<ContextSources['guides']> {
  const { projectId, buildId } = build;
  const report = build.base === null ? await readReport(deps, build.survey?.digest) : null;
  const commit = build.base ?? firstMember(report, 'commit');
  if (deps.workspace === undefined) return null;
  if (typeof commit !== 'string') return 'pending';
  try {
    return await readGuides(deps.workspace, { projectId, buildId, commit });
  } catch (error) {
    deps.log.warn({ err: error }, 'the files for agents of a build cannot be shown');
    return null;
  }
}

/** Leaves out what git cannot read now: the rest of the prompt is still useful. */
async function readFilesAndDiff(
  { workspace, log }: ApiDeps,
  { projectId, buildId, base, commit: buildCommit }: BuildState,
  phase: Phase,
): Promise<Pick<ContextSources, 'files' | 'diff' | 'changed'>> {
  const commit = buildCommit ?? base;
  if (workspace === undefined || commit === null) return {};
  const sources: Pick<ContextSources, 'files' | 'diff' | 'changed'> = {};
  try {
    if (contextIncludes(phase, 'files'))
      sources.files = (await workspace.list({ projectId, buildId, commit })).map(({ path }) => path);
    if (contextIncludes(phase, 'diff') && base !== null) {
      const repo = { projectId, buildId };
      sources.diff = base === commit ? '' : await workspace.diff(repo, base, commit);
      if (base !== commit)
        sources.changed = (await workspace.contentChanges(repo, base, commit)).map(({ path }) => path);
    }
  } catch (error) {
    log.warn({ err: error }, 'the files of a build cannot be shown');
  }
  return sources;
}
