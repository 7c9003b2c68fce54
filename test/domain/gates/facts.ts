/**
 * Facts of a change that passes every gate; each test alters one of them.
 */
import type { DependencyFact } from '../../../src/domain/packages/facts';
import type { ChangedFile, ChangeFacts } from '../../../src/domain/gates/facts';
import type { Evidence } from '../../../src/domain/evidence/evidence';

export const NOW = '2026-11-21T09:00:00.000Z';
export const COMMIT = 'c'.repeat(40);
export const DIGEST = `sha256:${'d'.repeat(64)}`;

export const daysAgo = (days: number): string => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();

export const EVIDENCE: Evidence = {
  kind: 'tests',
  command: ['node', '--test'],
  commit: COMMIT,
  exitCode: 0,
  timedOut: false,
  counts: { total: 3, passed: 3, failed: 0, skipped: 0 },
  integrity: {
    ...{ runner: 'node-test', sentinel: { kept: true, reason: '' }, control: null, lockedDigest: null, unshown: [] },
    baseline: { passed: 0, lost: 0, names: [] },
  },
  coveragePercent: 92,
  logDigest: DIGEST,
  failing: [],
  durationMs: 100,
  sandbox: 'bubblewrap',
  at: NOW,
};

export function changedFile(over: Partial<ChangedFile> = {}): ChangedFile {
  const counts = { added: 10, removed: 0, binary: false, bytes: 200, linesBefore: null };
  return { path: 'src/theme.js', status: 'added', ...counts, before: null, after: 'a'.repeat(40), ...over };
}

export function dependency(over: Partial<DependencyFact> = {}): DependencyFact {
  const version = { publishedAt: daysAgo(100), deprecated: false, integrity: ['sha512-good'] };
  const record = { firstPublishedAt: daysAgo(2_000), versions: { '1.2.3': version } };
  return {
    ...{ ecosystem: 'npm', name: 'quiet-theme-store', path: 'package.json', direct: true, source: 'registry' },
    ...{ spec: '^1.2.0', version: '1.2.3', lock: { state: 'listed', integrity: 'sha512-good' } },
    registry: { state: 'known', package: record },
    ...over,
  };
}

export function goodFacts(over: Partial<ChangeFacts> = {}): ChangeFacts {
  return {
    commit: COMMIT,
    now: NOW,
    files: [changedFile()],
    locks: [],
    plan: {
      criteria: [{ id: 'C1', testedBy: 'a unit test' }],
      testingStrategy: 'node --test',
      paths: ['src/theme.js'],
    },
    evidence: EVIDENCE,
    approvals: [],
    phase: 'verification',
    lockedDigest: null,
    criteria: {
      report: [{ id: 'C1', testedBy: 'test/theme.test.js: the system decides', satisfied: true }],
      tests: [{ file: 'test/theme.test.js', name: 'the system decides', passed: true }],
    },
    checks: [{ kind: 'syntax', run: { ...EVIDENCE, kind: 'build', counts: null }, findings: [] }],
    account: {
      commits: [{ commit: COMMIT, phase: 'implementation', paths: ['src/theme.js'], accounted: ['src/theme.js'] }],
      handedOver: [{ path: 'src/theme.js', blob: 'a'.repeat(40) }],
      listed: ['src/theme.js'],
      said: 'Adds the theme.',
    },
    secrets: { findings: [], isWhole: true },
    questions: { files: [], approvals: [], phase: 'verification' },
    delivered: { files: [], notes: [], approvals: [], phase: 'verification' },
    harm: { files: [], notes: [], approvals: [], phase: 'verification' },
    dependencies: { changed: [dependency()], undeclared: [], unreadable: [] },
    ...over,
  };
}
