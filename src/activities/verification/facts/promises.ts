/**
 * What the build promised and what the Test Auditor says of it, read defensively: both may come from outside.
 */
import type { TestCase } from '../../../ports/test-runner';
import type { CriterionReport, PlanFacts, TestResult } from '../../../domain/gates/facts';

type Loose = Record<string, unknown>;

export function planFacts(plan: unknown): PlanFacts {
  const { success_criteria: criteria, testing_strategy: strategy, components } = asLoose(plan);
  return {
    criteria: objects(criteria).map(({ id, tested_by: testedBy }) => ({ id: text(id), testedBy: text(testedBy) })),
    testingStrategy: text(strategy),
    paths: objects(components).flatMap(({ files }) => (Array.isArray(files) ? files.map(text) : [])),
  };
}

/** True where the plan promises nothing new: code is made simpler, and does what it did. */
export function keepsAll(plan: unknown): boolean {
  const criteria = objects(asLoose(plan).success_criteria);
  return criteria.length > 0 && criteria.every(({ kind }) => kind === 'kept');
}

/**
 * `report` is the output of the testing phase: ours names the tests that ran under `tests`. Somebody else's may name what it
 * likes, so that `measured` takes its place where there is one.
 */
export function criteriaFacts(
  report: unknown,
  measured: TestCase[] | null,
): { report: CriterionReport[]; tests: TestResult[] | null } {
  const { criteria, tests } = asLoose(report);
  // A runner that only counts names none.
  const named = measured === null ? tests : measured.length === 0 ? null : measured;
  return {
    report: objects(criteria).map(({ criterion_id: id, tested_by: testedBy, satisfied }) => ({
      ...{ id: text(id), testedBy: text(testedBy), satisfied: satisfied === true },
    })),
    tests: Array.isArray(named) ? objects(named).map(testResult) : null,
  };
}

function testResult({ file, name, status }: Loose): TestResult {
  return { file: text(file), name: text(name), passed: /^(ok|pass(ed)?)$/.test(text(status)) };
}

function asLoose(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

function objects(value: unknown): Loose[] {
  return Array.isArray(value) ? value.map(asLoose) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
