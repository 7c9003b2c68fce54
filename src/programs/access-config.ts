/**
 * Reads the settings that decide who may call the API.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { FIRST_TOKEN_CHARS, firstTokenOf } from '../adapters/access/first-token';
import type { OidcOptions } from '../adapters/access/oidc';
import { ConfigError } from './config-error';
import type { SettingValues } from './settings';

export interface AccessConfig {
  firstTokenFile: string | undefined;
  oidc: Omit<OidcOptions, 'fetch'> | undefined;
  /** True where other machines can reach the address in HOST. */
  isReachable: boolean;
}

export function readAccess(values: SettingValues): AccessConfig {
  return {
    firstTokenFile: readFirstTokenFile(values.TOKEN_FILE),
    oidc: readOidc(values),
    isReachable: !isLoopback(values.HOST),
  };
}

/** A name other than localhost may resolve to any address, so it does not count as loopback. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Checks the file at the start, not at the first call. The token itself is read when a call needs it. */
function readFirstTokenFile(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const file = resolve(path);
  if (firstTokenOf(readText(path, file)) !== undefined) return file;
  const rightForm = `its first line must be a token of ${FIRST_TOKEN_CHARS} or more characters without spaces`;
  throw new ConfigError(`TOKEN_FILE="${path}" is wrong: ${rightForm}, such as \`openssl rand -hex 32\` makes`);
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError(`TOKEN_FILE="${path}" is wrong: the file cannot be read`);
  }
}

function readOidc(values: SettingValues): AccessConfig['oidc'] {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = values;
  if (issuer === undefined && audience === undefined) return undefined;
  if (issuer === undefined)
    throw new ConfigError(`OIDC_AUDIENCE="${audience}" is wrong: it needs OIDC_ISSUER, which is not set`);
  // Without an audience the API would accept tokens that were made for another program.
  if (audience === undefined)
    throw new ConfigError(`OIDC_ISSUER="${issuer}" is wrong: it needs OIDC_AUDIENCE, which is not set`);
  return {
    ...{ issuer, audience },
    algorithms: values.OIDC_ALGORITHMS,
    clockSkewS: values.OIDC_CLOCK_SKEW_S,
    projectsClaim: values.OIDC_PROJECTS_CLAIM,
  };
}
