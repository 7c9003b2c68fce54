/**
 * `npm start`: Temporal where none is configured, worker and API in one process.
 */
import { serve } from './program';

void serve({ api: true, worker: true }, ({ url, uiUrl }) => {
  const ui = uiUrl === null ? '' : `Temporal Web UI ${uiUrl}\n`;
  return `${ui}ready ${url}`;
});
