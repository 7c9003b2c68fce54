/**
 * Planning: the Q Assistant's second phase. Words in, checked words out; nothing is touched.
 */
import type { Outcome } from '../domain/build/outcomes';
import { judgeAll, reasonsOf } from '../domain/gates';
import { askOnce } from './ask-role';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import type { Handed } from './handed';
import type { PhaseOutput } from './outputs';
import { roleContext } from './role-context';
import type { Sources } from './sources';
import { startingCommit } from './starting-commit';

/** The plan; held back where a requirement has no criterion that shows it. */
export async function plan(deps: Deps, task: PhaseTask, sources: Sources): Promise<Outcome> {
  // Of the commit that the build stands on: after rework that is not the one it began at.
  const { base, commit } = await startingCommit(deps, task, sources.request);
  const text = await roleContext(deps, task, { sources, base, commit });
  const { output, by, usage, kept } = await askOnce(deps, { ...task, phase: 'planning' }, text);
  const facts = { required: requirementIds(sources.outputs.discovery), covered: coveredBy(output) };
  const objections = reasonsOf(judgeAll('answer_of_planner', facts));
  const notes = `plan with ${output.steps.length} steps and ${output.success_criteria.length} criteria`;
  return { kind: 'worked', by, usage, output: kept, base, commit, objections, notes };
}

function requirementIds(specification: Handed<'discovery'> | undefined): string[] {
  return (specification?.output.requirements ?? []).flatMap(({ id }) => id ?? []);
}

function coveredBy({ success_criteria: criteria }: PhaseOutput<'planning'>): string[] {
  return criteria.flatMap((criterion) => criterion.requirement_ids);
}
