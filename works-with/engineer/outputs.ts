/**
 * Makes the output of each phase from an engineer's script: its specification, plan, test names and release, in the product's schemas.
 */
import type { PhaseOutput } from '../../src/activities/outputs';
import type { Phase } from '../../src/domain/roles';
import type { Script } from './script';

/** Criteria that the base meets already. A plan must mark them as `kept`, and the scripts have no member for that. */
const KEPT_CRITERIA: Record<string, readonly string[]> = { 'date-fns': ['C2'] };

export function outputsOf(script: Script): { [P in Phase]: PhaseOutput<P> } {
  const { specification, plan, release, test_names } = script;
  const firstTest = test_names[0]?.file ?? '';
  const testFiles = [...new Set(test_names.map(({ file }) => file))].join(', ');
  return {
    discovery: {
      ...{ summary: specification.summary, requirements: specification.requirements },
      ...{ constraints: [], assumptions: [], risks: [], open_questions: [] },
      success_criteria: specification.success_criteria,
    },
    planning: planOf(script),
    implementation: {
      ...{ summary: plan.summary, files: [], documentation: '', technical_notes: [], fixed: [] },
      test_cases: test_names.map(({ name, criterion_id }) => ({ name, criterion_ids: [criterion_id] })),
    },
    testing: {
      ...{ verdict: 'pass', tests_added: [], tests_updated: [], test_command: [], objections: [] },
      criteria: plan.criteria.map(({ id, text }) => ({
        ...{ criterion_id: id, satisfied: true, note: text },
        tested_by: namesOf(script, id),
      })),
    },
    verification: {
      approved: true,
      checklist: [
        { item: 'architecture', finding: plan.summary, severity: 'none', evidence: plan.files[0] ?? '' },
        { item: 'testing', finding: `Tests are in ${testFiles}.`, severity: 'none', evidence: firstTest },
      ],
      recommendations: [],
    },
    deployment: {
      ...{ go: true, version: release.version, release_notes: release.notes },
      pre_checks: [{ check: 'The tests pass on this commit.', ok: true, evidence: firstTest }],
      rollback_plan: 'Put the previous release back.',
    },
  };
}

function planOf({ name, intent, specification, plan }: Script): PhaseOutput<'planning'> {
  return {
    summary: plan.summary,
    components: [{ name: 'The change', purpose: intent, files: plan.files }],
    steps: specification.requirements.map(({ id, text }) => ({ text, requirement_ids: [id] })),
    success_criteria: plan.criteria.map((criterion) => ({
      ...criterion,
      kind: KEPT_CRITERIA[name]?.includes(criterion.id) === true ? 'kept' : 'new',
    })),
    testing_strategy: [...new Set(plan.criteria.map(({ tested_by }) => tested_by))].join(', '),
    ...{ security_considerations: [], performance_considerations: [], timeline: 'One attempt.' },
  };
}

/** Gives the names of all tests that the script has for the criterion. */
function namesOf({ test_names }: Script, criterionId: string): string {
  const names = test_names.filter(({ criterion_id }) => criterion_id === criterionId).map(({ name }) => name);
  return names.join('; ');
}
