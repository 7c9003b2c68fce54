/**
 * The planning phase: the Q Assistant reads the repository and writes a plan. It changes no file.
 */
import type { Outcome } from '../domain/build/outcome';
import { judgeAll, reasonsOf } from '../domain/gates';
import { barePath } from '../inspect/path-patterns';
import { pathProblem } from '../inspect/paths';
import type { StepTask } from './contract';
import type { Deps } from './deps';
import type { EarlierOutput } from './earlier-outputs';
import type { PhaseOutput } from './outputs';
import { roleContext } from './role-context';
import { forecastOf } from './spend-records';
import type { Sources } from './sources';
import { startingCommit } from './starting-commit';
import { stepCommits } from './steps/step-commits';
import { takeStep } from './steps/take-step';
import type { Answer, Rejected } from './steps/take-step';

/** Gives the plan as the phase's output. The gates object where no success criterion covers a requirement. */
export async function plan(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  // Plan against the build's current commit; after a rework it differs from the base.
  const startCommits = await startingCommit(deps, task, sources.request);
  const required = requirementIds(sources.outputs.discovery);
  return takeStep(
    deps,
    { ...task, phase: 'planning' },
    {
      ...stepCommits(task, sources.request, startCommits),
      open: () => roleContext(deps, task, { sources, ...startCommits }),
      finish: (answer) => judgePlan(deps, { ...startCommits, task, required }, answer),
    },
  );
}

async function judgePlan(
  deps: Deps,
  { task, base, commit, required }: { task: StepTask; base: string; commit: string; required: string[] },
  { output, by, usage, mayReject, isScripted }: Answer<'planning'>,
): Promise<Outcome | Rejected> {
  const criteria = output.success_criteria.map(({ id }) => id);
  const facts = { required, covered: coveredBy(output), criteria, unwritable: unwritableIn(output) };
  const objections = reasonsOf(judgeAll('answer_of_planner', facts));
  // Ask for a better plan now, before the build pays for code.
  if (objections.length > 0 && mayReject) return { kind: 'rejected', reasons: objections };
  const storedOutput = await deps.artifacts.put(JSON.stringify(output));
  const forecast = await forecastIn(deps, task, { isScripted });
  const notes = `plan with ${output.steps.length} steps and ${output.success_criteria.length} criteria`;
  return { kind: 'worked', by, usage, output: storedOutput, base, commit, objections, notes, ...forecast };
}

/** Gives the forecast of a build with a budget. A script costs nothing, so there is nothing to forecast. */
async function forecastIn(deps: Deps, { projectId, money }: StepTask, { isScripted }: { isScripted: boolean }) {
  return money === undefined || isScripted ? {} : { forecast: await forecastOf(deps, projectId) };
}

function requirementIds(specification: EarlierOutput<'discovery'> | undefined): string[] {
  return (specification?.output.requirements ?? []).flatMap(({ id }) => id ?? []);
}

/** Gives the paths of the plan that no role may write. An entry with a space, such as `tests for it`, is words and no path. */
function unwritableIn({ components }: PhaseOutput<'planning'>): string[] {
  const paths = [...new Set(components.flatMap(({ files }) => files))].filter((path) => !/\s/.test(path));
  return paths.flatMap((path) => {
    const problem = pathProblem(barePath(path));
    return problem === undefined ? [] : [`${path} (${problem})`];
  });
}

function coveredBy({ success_criteria: criteria }: PhaseOutput<'planning'>): string[] {
  return criteria.flatMap((criterion) => criterion.requirement_ids);
}
