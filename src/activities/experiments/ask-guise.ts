/**
 * Another guise, within the budget of experiments: calls that tests made of changed sources are made again outside of tests.
 */
import type { ExperimentFinding } from '../../domain/experiments/judge';
import type { GuiseFinding } from '../../domain/experiments/judge-guise';
import { askAgain } from './ask-again';
import type { Subject } from './subject';

/** One run with recorders, and some starts of a bare process. */
const LOOKS_MS = 4_000;

export async function askGuise({ candidate, material, whole }: Subject) {
  const { deps, clock, way, commit, locked, laid } = whole.series;
  const changedSources = material.sources.map(({ path, after }) => ({ path, text: after }));
  const nothing = { findings: [] as ExperimentFinding[], notes: [] as string[] };
  if (changedSources.length === 0) return nothing;
  if (clock.isOver(candidate.run.durationMs + LOOKS_MS))
    return { ...nothing, notes: ['calls of tests were not made again outside of tests: the budget was used up'] };
  clock.count();
  const { findings, notes, asked } = await askAgain(deps, { way, commit, locked, laid, changedSources });
  const count = asked === 0 ? [] : [`${asked} calls of tests were made again outside of tests`];
  return { findings: findings.map(toFinding), notes: [...count, ...notes] };
}

function toFinding({ path, line, name, args, recorded, answered, under, calls }: GuiseFinding): ExperimentFinding {
  const more = calls > 1 ? `, and ${calls - 1} calls more` : '';
  const says = `${name}(${args}) answers tests ${recorded}, and ${answered} with ${under}${more}: it must answer the same outside of tests`;
  return { kind: 'answers_differ', path, line, says: says.slice(0, 400), mender: 'code_writer' };
}
