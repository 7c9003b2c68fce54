/**
 * `npm run worker`: runs a worker without the API. Several workers share the work of a task queue.
 */
import { serve } from './program';

void serve(
  { api: false, worker: true },
  ({ address }, { temporal }) => `ready worker on ${address}, task queue ${temporal.taskQueue}`,
);
