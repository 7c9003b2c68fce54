/**
 * Converts the plan and the Test Auditor's report to the facts that the gates take. Both outputs may come from outside.
 */
import type { TestCase } from '../../../ports/test-runner';
import type { CriterionReport, PlanFacts, TestResult } from '../../../domain/gates/facts';
import type { RequestAndPlan } from '../../../inspect/delivered/set-up/request-text';
import type { StartRequest } from '../../../requests/start-request';
import type { EarlierOutput, EarlierOutputs } from '../../earlier-outputs';

export function planFacts(plan: EarlierOutput<'planning'> | undefined): PlanFacts {
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

/**
 * Gives the text of the request, the specification and the plan; no later role can write it. The testing strategy is left out, because
 * a plan that mentions CI there does not ask to change the CI.
 */
export function requestAndPlanText(
  { requirements: requestText }: Pick<StartRequest, 'requirements'>,
  { discovery, planning }: EarlierOutputs,
): RequestAndPlan {
  const { summary = '', components = [], steps = [], success_criteria: criteria = [] } = planning?.output ?? {};
  const requirements = discovery?.output.requirements ?? [];
  const texts = [...requirements, ...steps, ...criteria].map(({ text = '' }) => text);
  const componentTexts = components.flatMap(({ name = '', purpose = '' }) => [name, purpose]);
  const text = [
    typeof requestText === 'string' ? requestText : JSON.stringify(requestText),
    discovery?.output.summary ?? '',
    summary,
    ...componentTexts,
    ...texts,
  ].join('\n');
  return { paths: planFacts(planning).paths, text };
}

/** True where every criterion of the plan keeps existing behaviour, for example in a refactoring. */
export function keepsAll(plan: EarlierOutput<'planning'> | undefined): boolean {
  const criteria = plan?.output.success_criteria ?? [];
  return criteria.length > 0 && criteria.every(({ kind }) => kind === 'kept');
}

/**
 * Gives the criteria of the report and the tests that ran. An external report may name any test, so the measured tests are used where
 * there are some.
 */
export function criteriaFacts(
  report: EarlierOutput<'testing'> | undefined,
  measured: TestCase[] | null,
): { report: CriterionReport[]; tests: TestResult[] | null } {
  const { criteria = [], tests } = report?.output ?? {};
  // A runner that only counts its tests gives an empty list, which must not count as "no test ran".
  const listed = measured ?? tests ?? [];
  const testsWithNames = listed.length === 0 ? undefined : listed;
  return {
    report: criteria.map(({ criterion_id: id = '', tested_by: testedBy = '', satisfied }) => ({
      ...{ id, testedBy, satisfied: satisfied === true },
    })),
    tests: testsWithNames?.map(toResult) ?? null,
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
