/**
 * `npm run api`: the API alone.
 */
import { serve } from './program';

void serve({ api: true, worker: false }, ({ url }) => `ready ${url}`);
