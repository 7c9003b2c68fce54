/**
 * Makes records for tests, of builds made by real commands and outcomes.
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { BuildState } from '../../../src/domain/build/state';
import { canonicalJson } from '../../../src/domain/canonical';
import { seal } from '../../../src/domain/record/chain';
import { draftEntries } from '../../../src/domain/record/entries';
import { signedPart } from '../../../src/domain/record/format';
import type { BuildRecord, Content, Draft } from '../../../src/domain/record/format';
import { verifyRecord } from '../../../src/domain/record/verify';
import { digestsIn, orchestratorPart } from '../../../src/domain/record/find-references';
import { TOOLS } from '../../../src/programs/cli/verify-file';
import { applyOutcome, passHandoff } from '../../../src/domain/build/outcomes';
import { PHASE_OWNER, isPhase } from '../../../src/domain/roles';
import type { Phase } from '../../../src/domain/roles';
import type { Evidence } from '../../../src/domain/evidence/evidence';
import type { Page } from '../../../src/domain/evidence/page';
import { NOW, newBuild } from '../a-build';

const COMMIT = 'c'.repeat(40);
export const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Evidence in an output in today's form, and in the form of commit 0956107. */
export const IN_A_LIST = (evidence: Evidence): object => ({
  evidence: [
    { name: 'tests_before', ...evidence, durationMs: 3 },
    { name: 'tests', ...evidence },
  ],
});
export const IN_THE_OLD_FORM = (evidence: Evidence): object => ({
  ...{ evidence, evidence_before: { ...evidence, durationMs: 3 } },
  checks: [{ check: 'syntax', ...evidence, kind: 'build', durationMs: 4 }],
});

/** A build that models completed with a release, with its calls and stored contents. */
export function workedBuild(formOf = IN_A_LIST) {
  const kept = new Map<string, string>();
  const keep = (text: string) => (kept.set(digestOf(text), text), { digest: digestOf(text), bytes: text.length });
  const request = keep('{"requirements":"Build me a dark mode feature"}').digest;
  const evidence = evidenceOn(COMMIT, keep('ok 1 - it is dark\n').digest);
  const diff = { ...keep('+body { color: white }\n'), from: 'b'.repeat(40), to: COMMIT };
  const release = { number: 1, id: 'b1.g1.a1', commit: COMMIT, folder: '1', version: '1.0.0', smoke: 'ok' };
  /** Members of the output and of the outcome, by the phase that has them. */
  const outputMembers: Partial<Record<Phase, object>> = {
    implementation: { diff, commit: COMMIT },
    testing: formOf(evidence),
    deployment: { release },
  };
  const outcomeMembers: Partial<Record<Phase, object>> = {
    implementation: { base: 'b'.repeat(40), commit: COMMIT },
    testing: { evidence },
    deployment: { release },
  };
  const calls: Array<{ at: string; body: Draft['body'] }> = [];
  let build: BuildState = { ...newBuild({ mode: 'llm' }), request };
  while (build.state !== 'complete') {
    const phase = build.state;
    if (!isPhase(phase)) {
      build = passHandoff(build, NOW);
      continue;
    }
    calls.push({ at: NOW, body: { phase, model: 'm', promptDigest: digestOf(phase), role: PHASE_OWNER[phase] } });
    const output = keep(JSON.stringify({ summary: `${phase} done`, ...outputMembers[phase] }));
    const usage = { calls: 1, inputTokens: 10, outputTokens: 5 };
    const worked = { kind: 'worked' as const, by: 'm', usage, output, objections: [], notes: `${phase} done` };
    build = applyOutcome(build, { ...worked, ...outcomeMembers[phase] }, NOW);
  }
  return { build, calls, kept };
}

/** Makes a record as the API does, from the given parts instead of the stores. */
export function recordOf(input: {
  build: BuildState;
  calls?: object[];
  kept?: Map<string, string>;
  pages?: Page[];
}): BuildRecord {
  const { build, calls = [], kept = new Map<string, string>(), pages = [] } = input;
  const contents: Record<string, Content> = {};
  const queue = new Set([build.request, ...digestsIn(orchestratorPart(build))]);
  for (const digest of queue) {
    const content = kept.get(digest);
    if (content === undefined) continue;
    contents[digest] = { encoding: 'utf8', content };
    if (content.startsWith('{')) for (const named of digestsIn(JSON.parse(content))) queue.add(named);
  }
  const artifacts = [...queue].map((digest) => {
    const bytes = kept.get(digest)?.length ?? null;
    return { digest, bytes, omitted: bytes === null ? ('missing' as const) : null };
  });
  const drafts = draftEntries({ build, calls: calls as never, pages, artifacts, contents });
  return { format: 'q-orchestrator.record', version: 1, signature: null, contents, ...seal(copyOf(drafts), TOOLS) };
}

/** Recomputes all hashes, as an attacker with write access to the file could. */
export function reseal(record: BuildRecord): void {
  Object.assign(record, seal(record.entries, TOOLS));
}

export function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function evidenceOn(commit: string, logDigest: string): Evidence {
  const counts = { total: 1, passed: 1, failed: 0, skipped: 0 };
  const ran = { kind: 'tests' as const, command: ['npm', 'test'], commit, exitCode: 0, timedOut: false, counts };
  const integrity = {
    ...{ runner: 'node-test', sentinel: { kept: true, reason: '' }, control: null, lockedDigest: null, unshown: [] },
    baseline: { passed: 0, lost: 0, names: [] },
  };
  return {
    ...ran,
    integrity,
    coveragePercent: 91,
    logDigest,
    failing: [],
    durationMs: 5,
    sandbox: 'bubblewrap',
    at: NOW,
  };
}

const key = generateKeyPairSync('ed25519');

export function signed(record: BuildRecord, { privateKey, publicKey } = key): BuildRecord {
  const part = Buffer.from(canonicalJson(signedPart(record.head)));
  const public_key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const signature = sign(null, part, privateKey).toString('base64');
  return { ...record, signature: { algorithm: 'ed25519', public_key, signature } };
}

export function flawsOf(record: unknown) {
  const verified = verifyRecord(record, TOOLS);
  if (!verified.readable) throw new Error(verified.reason);
  return verified.flaws;
}

/** A signed, unaltered record of a build that models completed. */
export const honest = signed(recordOf(workedBuild()));
