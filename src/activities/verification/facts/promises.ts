/**
 * What the build promised and what the Test Auditor says of it, as the gates take it. Both may come from outside.
 */
import type { TestCase } from '../../../ports/test-runner';
import type { CriterionReport, PlanFacts, TestResult } from '../../../domain/gates/facts';
import type { Asked } from '../../../inspect/delivered/set-up/spoken';
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
 * What the sentence and the Q Assistant say is to be done: no role after it can write this. How it is tested is left out, since a
 * plan that is tested in CI does not ask for another CI.
 */
export function askedFor(
  { requirements: wish }: Pick<StartRequest, 'requirements'>,
  { discovery, planning }: EarlierOutputs,
): Asked {
  const { summary = '', components = [], steps = [], success_criteria: criteria = [] } = planning?.output ?? {};
  const requirements = discovery?.output.requirements ?? [];
  const said = [...requirements, ...steps, ...criteria].map(({ text = '' }) => text);
  const named = components.flatMap(({ name = '', purpose = '' }) => [name, purpose]);
  const text = [
    typeof wish === 'string' ? wish : JSON.stringify(wish),
    discovery?.output.summary ?? '',
    summary,
    ...named,
    ...said,
  ].join('\n');
  return { paths: planFacts(planning).paths, text };
}

/** True where the plan promises nothing new: code is made simpler, and does what it did. */
export function keepsAll(plan: EarlierOutput<'planning'> | undefined): boolean {
  const criteria = plan?.output.success_criteria ?? [];
  return criteria.length > 0 && criteria.every(({ kind }) => kind === 'kept');
}

/**
 * Our own report names the tests that ran under `tests`. Another runner's report may name anything, so that `measured` takes its
 * place where there is one.
 */
export function criteriaFacts(
  report: EarlierOutput<'testing'> | undefined,
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
