/**
 * GET healthz: this process runs. GET readyz: Temporal answers and a worker polls for work.
 */
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { Problem } from '../problems';
import { pollTimes } from '../temporal-calls';

const ANSWER_MS = 2_000;
/** A worker polls at least once a minute, since a poll waits that long. */
const POLL_AGE_LIMIT_MS = 75_000;

export function healthRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/healthz',
      needs: 'nothing',
      handle: (_req, res) => void res.json({ status: 'ok' }),
    },
    {
      method: 'get',
      path: '/readyz',
      needs: 'nothing',
      async handle(_req, res) {
        const [latest] = await pollTimes(deps, ANSWER_MS);
        if (latest === undefined || Date.now() - latest.getTime() > POLL_AGE_LIMIT_MS) {
          throw new Problem(
            'Worker.Away',
            `no worker has polled the task queue ${deps.taskQueue} in the last ${POLL_AGE_LIMIT_MS / 1_000} seconds`,
          );
        }
        res.json({ status: 'ready', temporal: 'ok', worker_polled_at: latest.toISOString() });
      },
    },
  ];
}
