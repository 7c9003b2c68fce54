/**
 * Puts production back, with a few tries; where none helps a person is called, in words that say what is live.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../domain/failures';
import type { BuildLine } from '../../domain/ids';
import type { Live, ReleaseTarget } from '../../ports/release-target';

const TRIES = 3;
const PAUSE_MS = 300;

/** Gives what is live afterwards, in words. Throws Failure `Release.RollbackFailed`. */
export async function putBack(
  target: ReleaseTarget,
  bad: { projectId: string; id: string; failed: string },
): Promise<string> {
  const { projectId, id } = bad;
  const problem = await inAFewTries(() => target.restore({ projectId, id }));
  if (problem === undefined) return saysLive(await target.live(projectId));
  throw await rollbackFailed(target, { projectId, why: bad.failed, problem });
}

/** Voids what the build began before `turn`; gives what is live afterwards where something was taken down, else null. */
export async function revoke(
  target: ReleaseTarget,
  input: BuildLine & { turn: number },
): Promise<{ number: number; says: string } | null> {
  let number: number | null = null;
  const problem = await inAFewTries(async () => {
    number = (await target.revoke(input))?.number ?? null;
  });
  if (problem !== undefined)
    throw await rollbackFailed(target, { projectId: input.projectId, why: 'was given up', problem });
  return number === null ? null : { number, says: saysLive(await target.live(input.projectId)) };
}

async function inAFewTries(run: () => Promise<void>): Promise<string | undefined> {
  let problem = '';
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await delay(PAUSE_MS * tried);
    try {
      await run();
      return undefined;
    } catch (error) {
      // Words of our own failures only; a library's may name what no history should hold.
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
  const back = previous == null ? 'what was live before' : `release ${previous}`;
  const still = live === undefined ? 'it is not known what is live' : `${live?.says ?? 'nothing'} is still live`;
  const message = `${still} and ${why}; ${back} could not be put back: ${problem}; a person is needed`;
  return new Failure('Release.RollbackFailed', message.slice(0, 1_000));
}

function saysLive(live: Live | null): string {
  return live === null ? 'nothing is live now' : `${live.says} is live now`;
}
