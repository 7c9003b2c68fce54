/**
 * `npm run corpus -- --real`: builds real changes of public packages; each must reach its release.
 *
 * Between two versions old tests change, too: this program approves findings of the gate `tampering`, as a person would, and the row
 * counts them. It approves no other findings. A change that `PUBLISHED` lists as `open` must wait for a person, for the listed reason.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RealCommit } from '../../works-with/replay/commit';
import { PUBLISHED } from '../../works-with/replay/published';
import type { PublishedChange } from '../../works-with/replay/published';
import { commitOf, nameOf } from '../../works-with/replay/published-commits';
import { replayCommits, unitsText } from '../../works-with/replay/replay-commits';
import type { ReplayResult } from '../../works-with/replay/replay-commits';
import type { Row } from './write-table';

const RUNNERS = { go: 'go test', crate: 'cargo test', pypi: 'pytest', npm: 'npm test' } as const;

/** Builds the changes whose names contain one of the words; without words, all changes. */
export async function runRealChanges(words: readonly string[], atOnce: number): Promise<Row[]> {
  const chosenChanges = PUBLISHED.filter(
    (one) => words.length === 0 || words.some((word) => nameOf(one).includes(word)),
  );
  if (chosenChanges.length === 0)
    throw new Error(`no real change has one of these parts of a name: ${words.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'q-corpus-real-'));
  chmodSync(folder, 0o755);
  try {
    const commits: RealCommit[] = [];
    // One change at a time, since the package managers share their caches.
    for (const change of chosenChanges) commits.push(await commitOf(change, folder));
    const variant = { testsBy: 'test_auditor', kind: 'new' } as const;
    const replayed = await replayCommits(commits, { folder, variant, jobs: atOnce, approve: ['tampering'] });
    return replayed.map((one) => {
      const change = chosenChanges.find((other) => one.projectId.startsWith(nameOf(other).slice(0, 40)));
      if (change === undefined) throw new Error(`no real change has the project "${one.projectId}"`);
      return rowOf(one, change);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(
  { subject, endState, seconds, reason, units, approvals }: ReplayResult,
  { ecosystem, expectedHold }: PublishedChange,
): Row {
  const isReleased = endState === 'complete';
  const isHeldAsExpected = expectedHold !== undefined && !isReleased && expectedHold.reason.test(reason);
  const heldNote = isHeldAsExpected ? expectedHold.note : '';
  const note = isReleased ? `${unitsText(units)}, ${approvals} changed test files approved` : heldNote;
  const problem =
    expectedHold === undefined
      ? `honest, and held: ${reason}`
      : `not held as it should be (${expectedHold.note}): ${reason}`;
  return {
    ...{ name: subject, kind: 'honest', runner: RUNNERS[ecosystem], seconds, note },
    ...{ verdict: isReleased ? 'released' : 'held', heldBy: isReleased ? '' : endState },
    problem: isHeldAsExpected || (isReleased && expectedHold === undefined) ? '' : problem,
  };
}
