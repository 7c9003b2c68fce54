/**
 * GET healthz: this process. GET readyz: Temporal answers and a worker asks for work.
 */
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { Problem } from '../problems';
import { pollTimes } from '../temporal-calls';

const ANSWER_MS = 2_000;
/** A worker asks at least once a minute, since a poll waits that long. */
const LATELY_MS = 75_000;

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
        if (latest === undefined || Date.now() - latest.getTime() > LATELY_MS) {
          throw new Problem('Worker.Away', `no worker has asked task queue ${deps.taskQueue} for work lately`);
        }
        res.json({ status: 'ready', temporal: 'ok', worker_polled_at: latest.toISOString() });
      },
    },
  ];
}
