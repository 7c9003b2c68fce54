/**
 * `npm run worker`: a worker alone; start more of them to scale out.
 */
import { serve } from './program';

void serve(
  { api: false, worker: true },
  ({ address }, { temporal }) => `ready worker on ${address}, task queue ${temporal.taskQueue}`,
);
