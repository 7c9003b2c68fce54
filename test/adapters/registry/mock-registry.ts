/** A package registry for tests on a free port: it answers by path, and records the requested paths. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, attempt: number) => void;

export async function startRegistry(answers: Record<string, Answer>) {
  const requestedPaths: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requestedPaths.push(path);
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end('{}');
    else answer(response, requestedPaths.filter((one) => one === path).length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}`, requestedPaths, answers, stop };
}

export const json =
  (body: unknown, type = 'application/json'): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': type }).end(JSON.stringify(body));
  };

/** Makes an npm registry's document of a package. */
export function npmPackage(version: string, publishedAt: string, changes: object = {}) {
  return {
    name: 'x',
    time: { created: publishedAt, [version]: publishedAt },
    versions: { [version]: { version, dist: { integrity: 'sha512-good' }, ...changes } },
  };
}
