/**
 * GET prompt: what the role whose turn it is would be sent, for an agent elsewhere that does its work.
 */
import { workflowIdOf } from '../../domain/ids';
import type { BuildState } from '../../domain/build/state';
import { contextText } from '../../domain/context';
import type { ContextInput } from '../../domain/context';
import { PHASE_OWNER } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import { phaseOf } from '../../domain/states';
import { readContent, readRequest } from '../contents';
import { readState } from '../builds';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { buildIdIn } from '../parse';
import { Problem } from '../problems';

export function promptRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/prompt',
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

/** In a handoff state the phase that follows; in `error` the one that failed, since a retry does it again. */
function phaseToPrompt(build: BuildState): Phase {
  const phase = build.state === 'error' ? (build.failure?.phase ?? null) : phaseOf(build.state);
  if (phase !== null && !build.cancelled) return phase;
  const now = { current_state: build.state, legal: [] };
  throw new Problem('Command.Finished', 'the build is finished; no role is prompted any more', now);
}

async function contextOf(deps: ApiDeps, build: BuildState, phase: Phase): Promise<string> {
  const outputs: Partial<Record<Phase, unknown>> = {};
  for (const [of, { digest }] of Object.entries(build.outputs)) {
    outputs[of as Phase] = await readContent(deps, digest, build.unsaved);
  }
  const { generation, attempts, answers, feedback, evidence } = build;
  return contextText({
    ...{ workflowId: workflowIdOf(build), phase, generation, attempt: Math.max(1, attempts[phase]) },
    ...(await readRequest(deps, build.request)),
    ...{ answers, outputs, feedback, evidence },
    ...(await readTree(deps, build)),
  });
}

/** What git cannot show now is left out: the rest of the prompt is still of use. */
async function readTree(
  { workspace, log }: ApiDeps,
  { projectId, buildId, base, commit }: BuildState,
): Promise<Pick<ContextInput, 'files' | 'diff'>> {
  const tip = commit ?? base;
  if (workspace === undefined || tip === null) return {};
  try {
    const files = (await workspace.list({ projectId, buildId, commit: tip })).map(({ path }) => path);
    if (base === null || base === tip) return { files };
    return { files, diff: await workspace.diff({ projectId, buildId }, base, tip) };
  } catch (error) {
    log.warn({ err: error }, 'the tree of a build cannot be shown');
    return {};
  }
}
