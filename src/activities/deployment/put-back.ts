/**
 * Restores the release that was live before, with a few tries. If all fail, the failure asks for a person and names what is live.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../domain/failures';
import type { BuildLine } from '../../domain/ids';
import type { Live, ReleaseTarget } from '../../ports/release-target';

const MAX_TRIES = 3;
const PAUSE_MS = 300;

/** Takes the failed release down. Gives a text about what is live afterwards. Throws Failure `Release.RollbackFailed`. */
export async function putBack(
  target: ReleaseTarget,
  failedRelease: { projectId: string; id: string; failed: string },
): Promise<string> {
  const { projectId, id } = failedRelease;
  const problem = await withRetries(() => target.restore({ projectId, id }));
  if (problem === undefined) return describeLive(await target.live(projectId));
  throw await rollbackFailed(target, { projectId, failure: failedRelease.failed, problem });
}

/**
 * Voids the releases that the build began before `turn`. Gives the release that was taken down, with a text about what is live
 * afterwards; null if none was live. Throws Failure `Release.RollbackFailed`.
 */
export async function revoke(
  target: ReleaseTarget,
  input: BuildLine & { turn: number },
): Promise<{ number: number; says: string } | null> {
  let number: number | null = null;
  const problem = await withRetries(async () => {
    number = (await target.revoke(input))?.number ?? null;
  });
  if (problem !== undefined)
    throw await rollbackFailed(target, { projectId: input.projectId, failure: 'was given up', problem });
  return number === null ? null : { number, says: describeLive(await target.live(input.projectId)) };
}

/** Gives the problem of the last try if all tries failed, else undefined. */
async function withRetries(run: () => Promise<void>): Promise<string | undefined> {
  let problem = '';
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    if (tries > 0) await delay(PAUSE_MS * tries);
    try {
      await run();
      return undefined;
    } catch (error) {
      // Messages of other errors may hold secrets or paths, which the history must not contain.
      problem =
        error instanceof Failure ? error.message : `unexpected ${error instanceof Error ? error.name : 'error'}`;
    }
  }
  return problem;
}

async function rollbackFailed(
  target: ReleaseTarget,
  { projectId, failure: why, problem }: { projectId: string; failure: string; problem: string },
): Promise<Failure> {
  const live = await target.live(projectId).catch(() => undefined);
  const previous = live?.release?.previous;
  const previousText = previous == null ? 'what was live before' : `release ${previous}`;
  const liveText = live === undefined ? 'it is not known what is live' : `${live?.says ?? 'nothing'} is still live`;
  const message = `${liveText} and ${why}; ${previousText} could not be put back: ${problem}; a person is needed`;
  return new Failure('Release.RollbackFailed', message.slice(0, 1_000));
}

function describeLive(live: Live | null): string {
  return live === null ? 'nothing is live now' : `${live.says} is live now`;
}
