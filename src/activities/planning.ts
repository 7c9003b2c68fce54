/**
 * Planning: the Q Assistant's second phase. It looks at the repository that is to be changed; nothing is touched.
 */
import type { Outcome } from '../domain/build/outcomes';
import { judgeAll, reasonsOf } from '../domain/gates';
import { barePath } from '../inspect/path-patterns';
import { pathProblem } from '../inspect/paths';
import type { StepTask } from './contract';
import type { Deps } from './deps';
import type { Handed } from './handed';
import type { PhaseOutput } from './outputs';
import { roleContext } from './role-context';
import type { Sources } from './sources';
import { startingCommit } from './starting-commit';
import { placeOf } from './steps/place';
import { takeStep } from './steps/take-step';
import type { Answer, Rejected } from './steps/take-step';

/** The plan; held back where a requirement has no criterion that shows it. */
export async function plan(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  // Of the commit that the build stands on: after rework that is not the one it began at.
  const begun = await startingCommit(deps, task, sources.request);
  const required = requirementIds(sources.outputs.discovery);
  return takeStep(
    deps,
    { ...task, phase: 'planning' },
    {
      ...placeOf(task, sources.request, begun),
      open: () => roleContext(deps, task, { sources, ...begun }),
      finish: (answer) => judgePlan(deps, { ...begun, required }, answer),
    },
  );
}

async function judgePlan(
  deps: Deps,
  { base, commit, required }: { base: string; commit: string; required: string[] },
  { output, by, usage, mayReject }: Answer<'planning'>,
): Promise<Outcome | Rejected> {
  const criteria = output.success_criteria.map(({ id }) => id);
  const facts = { required, covered: coveredBy(output), criteria, unwritable: unwritableIn(output) };
  const objections = reasonsOf(judgeAll('answer_of_planner', facts));
  // Before any code is paid for.
  if (objections.length > 0 && mayReject) return { kind: 'rejected', reasons: objections };
  const kept = await deps.artifacts.put(JSON.stringify(output));
  const notes = `plan with ${output.steps.length} steps and ${output.success_criteria.length} criteria`;
  return { kind: 'worked', by, usage, output: kept, base, commit, objections, notes };
}

function requirementIds(specification: Handed<'discovery'> | undefined): string[] {
  return (specification?.output.requirements ?? []).flatMap(({ id }) => id ?? []);
}

/** What a plan says of files may be words, such as `tests for it`: only what is meant as a path is judged. */
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
