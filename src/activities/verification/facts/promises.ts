/**
 * What the build promised and what the Test Auditor says of it, as the gates take it. Both may come from outside.
 */
import type { TestCase } from '../../../ports/test-runner';
import type { CriterionReport, PlanFacts, TestResult } from '../../../domain/gates/facts';
import type { Handed } from '../../handed';

export function planFacts(plan: Handed<'planning'> | undefined): PlanFacts {
  const { success_criteria: criteria = [], testing_strategy: strategy = '', components = [] } = plan?.output ?? {};
  return {
    criteria: criteria.map(({ id = '', tested_by: testedBy = '', kind }) => ({
      ...{ id, testedBy },
      ...(kind === undefined ? {} : { kind }),
    })),
    testingStrategy: strategy,
    paths: components.flatMap(({ files = [] }) => files),
  };
}

/** True where the plan promises nothing new: code is made simpler, and does what it did. */
export function keepsAll(plan: Handed<'planning'> | undefined): boolean {
  const criteria = plan?.output.success_criteria ?? [];
  return criteria.length > 0 && criteria.every(({ kind }) => kind === 'kept');
}

/**
 * Our own report names the tests that ran under `tests`. Somebody else's may name what it likes, so that `measured` takes its
 * place where there is one.
 */
export function criteriaFacts(
  report: Handed<'testing'> | undefined,
  measured: TestCase[] | null,
): { report: CriterionReport[]; tests: TestResult[] | null } {
  const { criteria = [], tests } = report?.output ?? {};
  // A runner that only counts names none, and an empty list is no list.
  const listed = measured ?? tests ?? [];
  const named = listed.length === 0 ? undefined : listed;
  return {
    report: criteria.map(({ criterion_id: id = '', tested_by: testedBy = '', satisfied }) => ({
      ...{ id, testedBy, satisfied: satisfied === true },
    })),
    tests: named?.map(toResult) ?? null,
  };
}

function toResult({
  file = '',
  name = '',
  status = '',
}: {
  file?: string;
  name?: string;
  status?: string;
}): TestResult {
  return { file, name, passed: /^(ok|pass(ed)?)$/.test(status) };
}
