/**
 * Lists the catchers: the gates, experiments and roles that can stop a build. Each has a name, the phases in which it stops builds,
 * and a pattern that its reason matches.
 */
import type { Phase } from '../../src/domain/roles';
import { GATES } from '../../src/domain/gates';
import type { GateName } from '../../src/domain/gates';

interface CatcherPattern {
  phase: Phase | readonly Phase[];
  reason: RegExp;
}

const byGate = Object.fromEntries(
  GATES.map(({ name, phase }): [string, CatcherPattern] => [
    `gate ${name}`,
    { phase: ['verification', ...phase], reason: new RegExp(`(^|; )${name}: `) },
  ]),
) as Record<`gate ${GateName}`, CatcherPattern>;

export const CATCHERS = {
  'schema of discovery': { phase: 'discovery', reason: /: discovery, attempt 1, step 1: / },
  'open question': { phase: 'discovery', reason: /^asked: / },
  'schema of planning': { phase: 'planning', reason: /: planning, attempt 1, step 1: / },
  'plan without criterion': { phase: 'planning', reason: /requirement \S+ has no success criterion/ },
  tampering: { phase: 'testing', reason: /tampering with what judges the change/ },
  watch: { phase: 'testing', reason: /the record of the test run is not whole/ },
  'red tests': { phase: 'testing', reason: /\d+ of \d+ tests failed/ },
  'replaced tests': { phase: 'testing', reason: /the Test Auditor (?:drops or renames|changes tests)/ },
  'lost tests': { phase: 'testing', reason: /passed before the change do not pass now/ },
  coverage: { phase: 'testing', reason: /% of the changed lines ran/ },
  'negative control': { phase: 'testing', reason: /pass(es)? without the change/ },
  'locked tests': { phase: 'testing', reason: /no test passed in the locked|no test of it was run by the command/ },
  'report of the run': { phase: 'testing', reason: /could not be read|no test ran|were skipped/ },
  'criterion without test': {
    phase: 'testing',
    reason: /criterion \S+( has no test|: no test that ran| is not satisfied)/,
  },
  'change without test': { phase: 'testing', reason: /added a test for this change/ },
  'nothing that runs': { phase: 'testing', reason: /alters no line that runs/ },
  'updated test': { phase: 'testing', reason: /was updated/ },
  'tests only': { phase: 'testing', reason: /the Test Auditor may add tests only/ },
  'schema of verification': { phase: 'verification', reason: /: verification, attempt 1, step 1: / },
  'finding of the overseer': { phase: 'verification', reason: /\((critical|major)\): / },
  'checklist without evidence': { phase: 'verification', reason: /its evidence names no/ },
  'schema of deployment': { phase: 'deployment', reason: /: deployment, attempt 1, step 1: / },
  'pre-check': { phase: 'deployment', reason: /pre-check/ },
  'texts of the release': { phase: 'deployment', reason: /the rollback plan|the release (?:notes|texts) / },
  'unverified commit': { phase: 'deployment', reason: /not verified/ },
  experiments: {
    phase: ['testing', 'verification'],
    reason:
      /no test notices|shows nothing|no test takes|in a test run and|turns every test red|passes only beside|experiments show nothing|code needs assertions/,
  },
  asks: { phase: ['testing', 'verification', 'deployment'], reason: /asks_whether_tested: |in a test run and/ },
  'moved tree': {
    phase: ['testing', 'verification', 'deployment'],
    reason: /changed these files of the commit|changed sources of the commit|passes only beside/,
  },
  'smoke test': { phase: 'deployment', reason: /failed its smoke test/ },
  ...byGate,
} satisfies Record<string, CatcherPattern>;
export type Catcher = keyof typeof CATCHERS;

/** Gives the catchers that match the phase in which a build was held, and the reason. */
export function catchersOf(held: { phase: Phase; reason: string }): Catcher[] {
  const all = Object.entries(CATCHERS) as Array<[Catcher, CatcherPattern]>;
  return all
    .filter(([, sign]) => [sign.phase].flat().includes(held.phase) && sign.reason.test(held.reason))
    .map(([name]) => name);
}
