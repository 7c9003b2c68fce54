/**
 * Findings in the objection texts of builds from commit 0956107: how today's code applies their outcomes and decisions.
 */
import { applyOutcome } from '../../../src/domain/build/outcomes';
import type { Outcome } from '../../../src/domain/build/outcome';
import { decideAsOldVersion } from '../../../src/domain/build/old-findings';
import { execute } from '../../../src/domain/build/reduce';
import { openFindings } from '../../../src/domain/build/state';
import { NOW, WORKED, decisionOn, apply, buildIn, digestOf, newBuild, withFinding } from '../a-build';

const start = newBuild({ mode: 'llm', retriesPerPhase: 0 });

describe('an old outcome whose objection contains a finding', () => {
  const words = `tampering with what judges the change (digest ${digestOf('a')}): test/a.test.js changed; undo it`;
  const oldOutcome = (objections: string[]): Outcome => ({ ...WORKED, objections });

  test("fails as it did then, and after an approval a person's retry continues the build", () => {
    const build = applyOutcome(buildIn('testing', start), oldOutcome([words]), NOW);
    expect(build).toMatchObject({ state: 'error', failure: { type: 'Retries.Exhausted' } });
    const approved = apply(build, 'approve', decisionOn('a'));
    expect(approved).toMatchObject({ state: 'error', findings: [], approvals: [{ digest: digestOf('a') }] });
    expect(apply(approved, 'retry', { reason: 'again' }).state).toBe('implementation');
  });

  test('sends the build back with the reason of a rejection', () => {
    const build = apply(
      applyOutcome(buildIn('testing', start), oldOutcome([words]), NOW),
      'reject',
      decisionOn('a', { reason: 'no' }),
    );
    expect(build).toMatchObject({ state: 'implementation', failure: null, findings: [] });
    expect(build.feedback[0]).toContain('ada rejected it: no');
  });

  test('is also read in deployment', () => {
    const build = applyOutcome(buildIn('deployment', start), oldOutcome([`not verified: ${words}`]), NOW);
    expect(build.failure?.type).toBe('Role.Objected');
    expect(openFindings(build)).toMatchObject([{ gate: 'tampering', digest: digestOf('a'), isManual: true }]);
  });

  test('adds no member to the state if there is no finding', () => {
    expect(applyOutcome(buildIn('testing', start), oldOutcome(['red']), NOW)).not.toHaveProperty('findings');
  });
});

test.each([
  ['reject', {}],
  ['approve', { gate: 'TAMPERING' }],
] as const)('replaying an old history refuses %s %j, as commit 0956107 did', (name, over) => {
  const build = withFinding(buildIn('error', start), 'a', { isManual: true });
  const message = { name, wire: decisionOn('a', over), now: NOW };
  const decision = execute(build, message);
  expect(decision.kind).toBe('accepted');
  expect(decideAsOldVersion(build, { ...message, decision })?.().kind).toBe('refused');
  const today = withFinding(buildIn('error', start), 'a');
  expect(decideAsOldVersion(today, { ...message, decision: execute(today, message) })).toBeNull();
});
