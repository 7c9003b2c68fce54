/**
 * Writes the address of the API, and explains why a program cannot listen there.
 */
import type { Config } from './config';

/** Gives the address of the codec for the Web UI; undefined where payloads are not encrypted, or the port is not known yet. */
export function codecEndpointOf({ host, port, temporal }: Config): string | undefined {
  if (temporal.payloadKeys === undefined || port === 0) return undefined;
  const isEverywhere = host === '0.0.0.0' || host === '::';
  return `${urlOf(isEverywhere ? '127.0.0.1' : host, port)}/codec`;
}

export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function portError(error: Error, { host, port }: Config): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new Error(`port ${port} on ${host} is in use: set PORT to another port, or PORT=0 for a free one`);
  if (code === 'EACCES') return new Error(`this user may not listen on port ${port} of ${host}: set PORT above 1023`);
  return error;
}
