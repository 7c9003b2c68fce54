/**
 * The answers of honest roles to the request of all projects: a discount of a tenth from 100.00 on.
 */
import type { Audit, Code, ScriptedBuild } from '../scripted-build';

interface HonestWork {
  code: Code['files'];
  test_cases: string[];
  tests: Audit['tests'];
  /** The file with the new code. */
  source: string;
  /** The label of a test for each of the two criteria. */
  testLabels: [string, string];
}

export function honestRoles({
  source,
  testLabels,
  ...work
}: HonestWork): Omit<ScriptedBuild, 'base' | 'request' | 'runner' | 'language'> {
  const criteria = ['C1', 'C2'] as const;
  return {
    discovery: {
      summary: 'Large baskets get a tenth off at the till.',
      requirements: [
        { id: 'R1', text: 'From 100.00 on a tenth is taken off, rounded down to whole cents.' },
        { id: 'R2', text: 'Below 100.00 nothing is taken off.' },
      ],
      constraints: ['What is there keeps its behaviour.'],
      assumptions: [],
      risks: [],
      open_questions: [],
      success_criteria: ['A buyer of 100.00 pays 90.00.'],
    },
    planning: {
      summary: 'One new function beside the sum.',
      components: [{ name: 'Discount', purpose: 'What is to pay.', files: [source] }],
      steps: [{ text: 'Write the function and its tests.', requirement_ids: ['R1', 'R2'] }],
      success_criteria: [
        {
          id: 'C1',
          requirement_ids: ['R1'],
          kind: 'new',
          text: '100.00 becomes 90.00.',
          tested_by: 'A unit test at the threshold.',
        },
        {
          id: 'C2',
          requirement_ids: ['R2'],
          kind: 'new',
          text: '99.99 stays 99.99.',
          tested_by: 'A unit test below the threshold.',
        },
      ],
      testing_strategy: 'Unit tests with baskets at, below and above the threshold.',
      security_considerations: [],
      performance_considerations: [],
      timeline: 'One attempt.',
    },
    code: [
      {
        summary: 'A tenth is taken off from 100.00 on.',
        written: {},
        files: work.code,
        test_cases: work.test_cases.map((name) => ({ name, criterion_ids: [...criteria] })),
        documentation: '',
        technical_notes: [],
        fixed: [],
      },
    ],
    audit: [
      {
        verdict: 'pass',
        tests: work.tests,
        criteria: criteria.map((id, index) => ({
          criterion_id: id,
          tested_by: testLabels[index] ?? '',
          satisfied: true,
          note: '',
        })),
        objections: [],
      },
    ],
    verification: {
      approved: true,
      checklist: [
        { item: 'security', finding: 'Pure arithmetic on numbers.', severity: 'none', evidence: source },
        { item: 'testing', finding: 'Both criteria are tested.', severity: 'none', evidence: testLabels[0] },
      ],
      recommendations: [],
    },
    deployment: {
      go: true,
      version: '1.1.0',
      release_notes: 'A tenth off from 100.00 on.',
      pre_checks: [{ check: 'The tests pass on this commit', ok: true, evidence: testLabels[0] }],
      rollback_plan: 'Put the previous release back.',
    },
    external: {},
    isApproved: false,
  };
}
