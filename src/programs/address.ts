/**
 * Where the API listens: its address in words, and what keeps it from listening there.
 */
import type { Config } from './config';

/** Where the Web UI has payloads decrypted; undefined where there is nothing to decrypt, or the port is not known yet. */
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
    return new Error(`port ${port} on ${host} is taken: set PORT to another one, or PORT=0 for a free one`);
  if (code === 'EACCES')
    return new Error(`port ${port} on ${host} needs rights this user does not have: set PORT above 1023`);
  return error;
}
