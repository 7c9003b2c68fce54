/**
 * Has the page of an approval gate made, and opens the gate with it. Builds without gates never come here.
 */
import type { ApprovalTask } from '../activities/approval-task';
import { APPROVAL_GATES } from '../domain/people/policy';
import type { GateKind } from '../domain/people/policy';
import { awaitedGate, nextOpening, openGate, pageText } from '../domain/people/approval-gate';
import { spentBy } from '../domain/build/spend';
import { fail } from '../domain/build/moves';
import type { BuildState } from '../domain/build/state';
import { now } from './clock';
import type { BuildRun } from './handlers';
import { failureOf } from './phase';
import { pageActivities } from './proxies';

/** Makes the page of the gate that the build waits at. If a command changed the build meanwhile, the main loop has it made again. */
export async function openApprovalGate(run: BuildRun): Promise<void> {
  const kind = awaitedGate(run.build);
  if (kind === null) return;
  const { turn } = run.build;
  const judged = pageText(run.build, kind);
  const opening = nextOpening(run.build);
  try {
    const page = await pageActivities.makeApprovalPage(taskOf(run.build, kind, opening));
    run.build = openGate(run.build, { kind, opening, judged, ...page }, now());
  } catch (error) {
    // A page that cannot be made must not let the build pass: it waits in `error`, and a retry makes anew what the page shows.
    if (run.build.turn === turn) run.build = failAtGate(run.build, kind, error);
  }
}

function failAtGate(build: BuildState, kind: GateKind, error: unknown): BuildState {
  const failure = { ...failureOf(error), phase: APPROVAL_GATES[kind].rejectTo };
  return fail(build, { actor: 'orchestrator', now: now(), failure, notes: failure.message });
}

function taskOf(build: BuildState, kind: GateKind, opening: number): ApprovalTask {
  const { projectId, buildId, request, generation, outputs, base, commit, evidence, locked } = build;
  const { requestKey } = build;
  const { assumptions = [], survey = null, budget = null, forecast = null } = build;
  return {
    ...(requestKey === undefined ? {} : { requestKey }),
    ...{ kind, opening, projectId, buildId, request, generation, outputs, base, commit, evidence, locked },
    ...{ assumptions, survey, budget, forecast, spent: spentBy(build) },
  };
}
