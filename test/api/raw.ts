/**
 * Sends a request byte for byte; `fetch` would normalize the address and the headers.
 */
import { request } from 'node:http';

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export function askRaw(
  url: string,
  input: { method: string; path: string; body?: string | Buffer | undefined; headers?: Record<string, string> },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const { method, path, body, headers = {} } = input;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const pendingRequest = request({ hostname, port, method, path, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      response.on('error', reject);
    });
    pendingRequest.on('error', reject);
    pendingRequest.end(body);
  });
}
