/**
 * `npm start`: runs worker and API in one process, and an embedded Temporal server where none is configured.
 */
import { webUiLinks } from '../api/web-ui';
import { serve } from './program';

void serve({ api: true, worker: true }, ({ url, uiUrl, namespace }) => {
  if (uiUrl === null) return `ready ${url}`;
  const links = webUiLinks({ url: uiUrl, namespace }).map((link) => `  ${link.name}: ${link.url}\n`);
  return `Temporal Web UI ${uiUrl}\n${links.join('')}ready ${url}`;
});
