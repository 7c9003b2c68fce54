/**
 * Activities that return at once, so that only orchestration is measured.
 *
 * Only the roles' work is replaced; the reports to the ledger and the record of the finished build are real.
 */
import { withLedgerReport } from '../src/activities/keep-records';
import type { Activities, PhaseTask } from '../src/activities/contract';
import type { Deps } from '../src/activities/deps';
import type { Outcome, Worked } from '../src/domain/build/outcome';

const COMMIT = 'c'.repeat(40);
const BASE = 'b'.repeat(40);
const DIGEST = `sha256:${'0'.repeat(64)}`;

type RoleActivities = Pick<Activities, 'discover' | 'plan' | 'writeCode' | 'auditTests' | 'verify' | 'release'>;

/** `wait` takes the time that a role would take. */
export function cannedActivities(
  deps: Pick<Deps, 'ledger' | 'documents'>,
  wait: () => Promise<unknown> = async () => undefined,
): RoleActivities {
  const answer = (more: (task: PhaseTask) => Partial<Worked> = () => ({})) => {
    return withLedgerReport(deps, async (task: PhaseTask): Promise<Outcome> => {
      await wait();
      return { ...worked(), ...more(task) };
    });
  };
  return {
    discover: answer(),
    plan: answer(),
    writeCode: answer(() => ({ base: BASE, commit: COMMIT })),
    auditTests: answer(() => ({ commit: COMMIT, evidence })),
    verify: answer(),
    release: answer(({ buildId }) => ({
      release: {
        ...{ number: 1, id: `${buildId}.g1.a1`, commit: COMMIT, folder: '/nowhere' },
        ...{ version: '1.0.0', smoke: 'canned' },
      },
    })),
  };
}

function worked(): Outcome & Worked {
  return {
    kind: 'worked',
    by: 'canned',
    usage: { calls: 1, inputTokens: 1_000, outputTokens: 200 },
    output: { digest: DIGEST, bytes: 2_000 },
    objections: [],
    notes: 'a canned answer',
  };
}

const evidence: NonNullable<Worked['evidence']> = {
  kind: 'tests',
  command: ['node', '--test'],
  commit: COMMIT,
  exitCode: 0,
  timedOut: false,
  counts: { total: 15, passed: 15, failed: 0, skipped: 0 },
  integrity: {
    ...{ runner: 'node-test', sentinel: { kept: true, reason: '' }, control: null, lockedDigest: null, unshown: [] },
    baseline: { passed: 0, lost: 0, names: [] },
  },
  coveragePercent: 96,
  logDigest: DIGEST,
  failing: [],
  durationMs: 400,
  sandbox: 'canned',
  at: '2026-01-01T00:00:00.000Z',
};
