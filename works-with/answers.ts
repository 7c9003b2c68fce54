/**
 * The mock model for builds of shapes: gives each role's answer. It knows the change, but not how the repository is tested.
 *
 * It repeats its answer in every attempt, so a build that is sent back gets the same answer again.
 */
import type { PhaseOutput } from '../src/activities/outputs';
import type { ModelRequest, RoleModel } from '../src/ports/model';
import type { Work } from './shape';

type Answers = { [P in ModelRequest['phase']]: PhaseOutput<P> };

/** Creates the mock. `onCall` is called for each answer for which a provider would have charged. */
export function mockModel(workOf: (projectId: string) => Work, onCall: (projectId: string) => void): RoleModel {
  return {
    id: 'scripted:works-with',
    scripted: true,
    call: ({ phase, idempotencyKey }) => {
      const projectId = idempotencyKey?.split('.')[0] ?? '';
      onCall(projectId);
      const output = answersOf(workOf(projectId))[phase];
      const usage = { inputTokens: 0, outputTokens: 0 };
      return Promise.resolve({ kind: 'output', output, model: 'scripted:works-with', scripted: true, usage, calls: 1 });
    },
  };
}

export function answersOf(work: Work): Answers {
  return {
    discovery: {
      summary: work.sentence,
      requirements: [{ id: 'R1', text: work.requirement }],
      constraints: ['Other behaviour stays as it is.'],
      assumptions: [],
      risks: [],
      open_questions: [],
      success_criteria: work.criteria.map(({ text }) => text),
    },
    planning: planOf(work),
    implementation: {
      summary: 'A new function sets thousands apart, and the amounts use it.',
      files: listOf(work.code),
      test_cases: [],
      documentation: '',
      technical_notes: [],
      fixed: [],
    },
    testing: {
      verdict: 'pass',
      tests_added: listOf(work.tests),
      tests_updated: [],
      test_command: work.testCommand ?? [],
      criteria: work.criteria.map(({ testedBy }, index) => ({
        criterion_id: idOf(index),
        tested_by: testedBy,
        satisfied: true,
        note: '',
      })),
      objections: [],
    },
    verification: {
      approved: true,
      checklist: [
        { item: 'security', finding: 'Arithmetic on a number.', severity: 'none', evidence: firstOf(work.code) },
        { item: 'testing', finding: 'Each criterion has a test.', severity: 'none', evidence: firstOf(work.tests) },
      ],
      recommendations: [],
    },
    deployment: {
      go: true,
      version: '1.1.0',
      release_notes: 'Thousands of an amount are set apart by commas.',
      pre_checks: [{ check: 'The tests pass on this commit.', ok: true, evidence: firstOf(work.tests) }],
      rollback_plan: 'Put the previous release back.',
    },
  };
}

function planOf({ requirement, code, criteria }: Work): Answers['planning'] {
  return {
    summary: 'One new function, used where amounts are written.',
    components: [{ name: 'Amounts', purpose: requirement, files: Object.keys(code) }],
    steps: [{ text: 'Write the function, and use it.', requirement_ids: ['R1'] }],
    success_criteria: criteria.map(({ text, kind, testedBy }, index) => ({
      id: idOf(index),
      requirement_ids: ['R1'],
      kind,
      text,
      tested_by: testedBy,
    })),
    testing_strategy: 'Unit tests of amounts below and above a thousand.',
    security_considerations: [],
    performance_considerations: [],
    timeline: 'One attempt.',
  };
}

const idOf = (index: number): string => `C${index + 1}`;
const firstOf = (files: Record<string, string>): string => Object.keys(files)[0] ?? '';
const listOf = (files: Record<string, string>) => Object.entries(files).map(([path, content]) => ({ path, content }));
