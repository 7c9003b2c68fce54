/**
 * Restores the release that was live before, with a few tries. If all fail, the failure asks for a person and names what is live.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../domain/failures';
import type { BuildLine } from '../../domain/ids';
import type { Live, ReleaseTarget } from '../../ports/release-target';

const MAX_TRIES = 3;
const PAUSE_MS = 300;

/** Takes the bad release down. Gives a text about what is live afterwards. Throws Failure `Release.RollbackFailed`. */
export async function putBack(
  target: ReleaseTarget,
  bad: { projectId: string; id: string; failed: string },
): Promise<string> {
  const { projectId, id } = bad;
  const problem = await withRetries(() => target.restore({ projectId, id }));
  if (problem === undefined) return saysLive(await target.live(projectId));
  throw await rollbackFailed(target, { projectId, why: bad.failed, problem });
}

/**
 * Voids the releases that the build began before `turn`. Gives the release that was taken down, with a text about what is live
 * afterwards; null where none was. Throws Failure `Release.RollbackFailed`.
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
    throw await rollbackFailed(target, { projectId: input.projectId, why: 'was given up', problem });
  return number === null ? null : { number, says: saysLive(await target.live(input.projectId)) };
}

/** Gives the last problem where all tries failed, else undefined. */
async function withRetries(run: () => Promise<void>): Promise<string | undefined> {
  let problem = '';
  for (let tried = 0; tried < MAX_TRIES; tried += 1) {
    if (tried > 0) await delay(PAUSE_MS * tried);
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
  { projectId, why, problem }: { projectId: string; why: string; problem: string },
): Promise<Failure> {
  const live = await target.live(projectId).catch(() => undefined);
  const previous = live?.release?.previous;
  const former = previous == null ? 'what was live before' : `release ${previous}`;
  const current = live === undefined ? 'it is not known what is live' : `${live?.says ?? 'nothing'} is still live`;
  const message = `${current} and ${why}; ${former} could not be put back: ${problem}; a person is needed`;
  return new Failure('Release.RollbackFailed', message.slice(0, 1_000));
}

function saysLive(live: Live | null): string {
  return live === null ? 'nothing is live now' : `${live.says} is live now`;
}
