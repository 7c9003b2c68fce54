/**
 * GET /: a page of links for people with a browser. It has no scripts.
 */
import { createHash } from 'node:crypto';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { webUiLinks } from '../web-ui';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}code{white-space:nowrap}';
/** Allows this style and links; no script, image, form or frame. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

const API_LINKS = [
  ['/api/workflows', 'builds, newest first'],
  ['/healthz', 'this process'],
  ['/readyz', 'Temporal and the workers'],
] as const;

export function homeRoutes({ webUi }: Pick<ApiDeps, 'webUi'>): Route[] {
  const page = pageOf(webUi);
  return [
    {
      method: 'get',
      path: '/',
      needs: 'read',
      handle: (_req, res) => void res.set('Content-Security-Policy', CONTENT_SECURITY_POLICY).type('html').send(page),
    },
  ];
}

function pageOf(webUi: ApiDeps['webUi']): string {
  const temporalHtml =
    webUi === undefined
      ? '<p>The address of the Temporal Web UI is not known: set <code>TEMPORAL_UI_URL</code>.</p>'
      : `<p>Temporal Web UI: ${htmlLink(webUi.url, webUi.url)}</p>\n${htmlList(webUiLinks(webUi).map(({ url, name }) => htmlLink(url, name)))}`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Q Orchestrator</title><style>${STYLE}</style></head>
<body>
<h1>Q Orchestrator</h1>
${htmlList(API_LINKS.map(([path, what]) => `${htmlLink(path, path)}: ${what}`))}
${temporalHtml}
<p>A build is started by <code>POST /api/workflows/{project_id}/start</code>. The API is described in the file
<code>README.md</code> of this product, under “The seven endpoints”, with a command for each.</p>
</body>
</html>
`;
}

function htmlList(items: string[]): string {
  return `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;
}

function htmlLink(url: string, text: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
