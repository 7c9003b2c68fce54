/**
 * An attacker's web server, and a Chromium that opens its pages. Every name below `.test` resolves to this machine, as with an
 * attacker's name server (DNS rebinding).
 */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const ARGS = [
  ...[
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ],
  ...['--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP *.test 127.0.0.1'],
  // Switches off checks that only the newest browsers have: the API must keep pages out without them.
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests',
];

export interface Site {
  port: number;
  browser: Browser;
  close(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const browser = await chromium.launch({ executablePath: pathOf('chromium'), args: ARGS });
  return {
    port: (server.address() as AddressInfo).port,
    browser,
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Finds the browser of the system: playwright-core brings none. */
function pathOf(program: string): string {
  return execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

/** Pages, workers, redirects and policies of the attacker; `to` is where they lead. */
function answer(req: IncomingMessage, res: ServerResponse): void {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://site');
  const to = searchParams.get('to') ?? '';
  // Every origin may read the attacker's own answers.
  res.setHeader('Access-Control-Allow-Origin', req.headers.origin ?? '*');
  res.setHeader('Access-Control-Allow-Headers', 'content-type');
  res.setHeader('Cache-Control', 'no-store');
  if (pathname === '/redirect') res.writeHead(Number(searchParams.get('status')), { Location: to });
  if (pathname === '/reports') {
    res.setHeader('Content-Security-Policy', `img-src 'none'; report-uri ${to}`);
    res.setHeader('Content-Type', 'text/html');
  }
  if (pathname === '/page') res.setHeader('Content-Type', 'text/html');
  if (pathname === '/worker.js' || pathname === '/service.js') res.setHeader('Content-Type', 'text/javascript');
  res.end(req.method === 'OPTIONS' ? '' : BODIES[pathname]);
}

const BODIES: Record<string, string> = {
  '/page': '<!doctype html><title>A page</title><body></body>',
  '/reports': '<!doctype html><body><img src="/page"></body>',
  '/worker.js': `onmessage = async ({ data }) => {
    let said = '';
    try { importScripts(data.url); said += 'loaded '; } catch (error) { said += error; }
    try { said += await (await fetch(data.url)).text(); } catch (error) { said += error; }
    postMessage(said);
  };`,
  '/service.js': `onmessage = async ({ data, source }) => {
    let said = '';
    for (const mode of ['cors', 'no-cors'])
      try { said += await (await fetch(data.url, { mode, method: data.method })).text(); } catch (error) { said += error; }
    source.postMessage(said);
  };
  onactivate = (event) => event.waitUntil(clients.claim());`,
};

/**
 * Opens a page of that origin. `isRebound`: the name now leads to the attacked server, and the browser shows the page that the
 * attacker's server sent earlier.
 */
export async function openPage(context: BrowserContext, origin: string, isRebound: boolean): Promise<Page> {
  const page = await context.newPage();
  if (isRebound) {
    const body = BODIES['/page'] ?? '';
    await page.route(`${origin}/page`, (route) => route.fulfill({ contentType: 'text/html', body }));
  }
  await page.goto(`${origin}/page`);
  return page;
}
