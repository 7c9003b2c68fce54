/**
 * What the workflow's main loop does at an approval gate, for tests of the domain.
 */
import { isHeld } from '../../../src/domain/build/holds';
import { isClosed } from '../../../src/domain/build/state';
import type { BuildState } from '../../../src/domain/build/state';
import { awaitedGate, needsPage, nextOpening, openGate, pageText } from '../../../src/domain/people/approval-gate';
import type { GateKind } from '../../../src/domain/people/policy';
import { isPhase } from '../../../src/domain/roles';

/** True in a handoff state that the build may leave. */
export function canPass(build: BuildState): boolean {
  return !isHeld(build) && !isPhase(build.state) && build.state !== 'error' && !isClosed(build);
}

/** The page of the gate that the build waits at, as it is now; null if none is needed. `open` opens it on the build of a later time. */
export function makePage(build: BuildState, digest: string) {
  const kind = awaitedGate(build);
  if (kind === null || !needsPage(build)) return null;
  const made = { kind, opening: nextOpening(build), judged: pageText(build, kind), digest, summary: 's' };
  return { kind: kind as GateKind, digest, open: (later: BuildState, now: string) => openGate(later, made, now) };
}

/** The build with the page opened. */
export function atGate(build: BuildState, digest: string, now: string): BuildState {
  const page = makePage(build, digest);
  if (page === null) throw new Error(`no page is needed in ${build.state}`);
  return page.open(build, now);
}

/** A measured run in which all tests passed, without commit and log. */
export const EVIDENCE = {
  ...{ exitCode: 0, timedOut: false, coveragePercent: null, failing: [], durationMs: 1, sandbox: 'bubblewrap' },
  ...{ counts: { total: 3, passed: 3, failed: 0, skipped: 0 }, kind: 'tests' as const, command: ['t'] },
  at: '2026-11-21T09:00:00.000Z',
  integrity: {
    ...{ runner: 'node-test', sentinel: { kept: true, reason: '' }, unshown: [], control: null },
    ...{ baseline: { passed: 0, lost: 0, names: [] }, lockedDigest: null },
  },
};
