/**
 * Lists the gates, experiments and roles that can stop a build: each with its name, its phase, and patterns of its reasons.
 */
import type { Phase } from '../../src/domain/roles';
import { GATES } from '../../src/domain/gates';
import type { GateName } from '../../src/domain/gates';

interface Sign {
  in: Phase | readonly Phase[];
  reason: RegExp;
}

const byGate = Object.fromEntries(
  GATES.map(({ name, phase }): [string, Sign] => [
    `gate ${name}`,
    { in: ['verification', ...phase], reason: new RegExp(`(^|; )${name}: `) },
  ]),
) as Record<`gate ${GateName}`, Sign>;

export const CATCHERS = {
  'schema of discovery': { in: 'discovery', reason: /: discovery, attempt 1, step 1: / },
  'open question': { in: 'discovery', reason: /^asked: / },
  'schema of planning': { in: 'planning', reason: /: planning, attempt 1, step 1: / },
  'plan without criterion': { in: 'planning', reason: /requirement \S+ has no success criterion/ },
  tampering: { in: 'testing', reason: /tampering with what judges the change/ },
  watch: { in: 'testing', reason: /the record of the test run is not whole/ },
  'red tests': { in: 'testing', reason: /\d+ of \d+ tests failed/ },
  'replaced tests': { in: 'testing', reason: /the Test Auditor (?:drops or renames|changes tests)/ },
  'lost tests': { in: 'testing', reason: /passed before the change do not pass now/ },
  coverage: { in: 'testing', reason: /% of the changed lines ran/ },
  'negative control': { in: 'testing', reason: /pass(es)? without the change/ },
  'locked tests': { in: 'testing', reason: /no test passed in the locked|no test of it was run by the command/ },
  'report of the run': { in: 'testing', reason: /could not be read|no test ran|were skipped/ },
  'criterion without test': {
    in: 'testing',
    reason: /criterion \S+( has no test|: no test that ran| is not satisfied)/,
  },
  'change without test': { in: 'testing', reason: /added a test for this change/ },
  'nothing that runs': { in: 'testing', reason: /alters no line that runs/ },
  'updated test': { in: 'testing', reason: /was updated/ },
  'tests only': { in: 'testing', reason: /the Test Auditor may add tests only/ },
  'schema of verification': { in: 'verification', reason: /: verification, attempt 1, step 1: / },
  'finding of the overseer': { in: 'verification', reason: /\((critical|major)\): / },
  'checklist without evidence': { in: 'verification', reason: /its evidence names no/ },
  'schema of deployment': { in: 'deployment', reason: /: deployment, attempt 1, step 1: / },
  'pre-check': { in: 'deployment', reason: /pre-check/ },
  'texts of the release': { in: 'deployment', reason: /the rollback plan|the release (?:notes|texts) / },
  'unverified commit': { in: 'deployment', reason: /not verified/ },
  experiments: {
    in: ['testing', 'verification'],
    reason:
      /no test notices|shows nothing|no test takes|answers tests|turns every test red|passes only beside|experiments show nothing|code needs assertions/,
  },
  asks: { in: ['testing', 'verification', 'deployment'], reason: /asks_whether_tested: |answers tests/ },
  'moved tree': {
    in: ['testing', 'verification', 'deployment'],
    reason: /changed these files of the commit|changed sources of the commit|passes only beside/,
  },
  'smoke test': { in: 'deployment', reason: /failed its smoke test/ },
  ...byGate,
} satisfies Record<string, Sign>;
export type Catcher = keyof typeof CATCHERS;

/** Gives the catchers whose patterns match a reason; the table shows the first. */
export function catchersOf(held: { in: Phase; reason: string }): Catcher[] {
  const all = Object.entries(CATCHERS) as Array<[Catcher, Sign]>;
  return all
    .filter(([, sign]) => [sign.in].flat().includes(held.in) && sign.reason.test(held.reason))
    .map(([name]) => name);
}
