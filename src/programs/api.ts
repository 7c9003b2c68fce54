/**
 * `npm run api`: runs the API without a worker.
 */
import { serve } from './program';

void serve({ api: true, worker: false }, ({ url }) => `ready ${url}`);
