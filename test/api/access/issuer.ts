/**
 * An OpenID Connect issuer on the loopback: discovery, keys, and valid or invalid JWTs for tests.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

export interface Issuer {
  url: string;
  /** The number of requests for the keys. */
  keyRequestCount(): number;
  /** Overrides of claims and header; a claim of undefined is left out. */
  sign(claims?: Record<string, unknown>, header?: { alg?: string; kid?: string; key?: Key }): Promise<string>;
  /** The public key as PEM, as an attacker can read it. */
  publicPem: string;
  /** Chooses what answers 500 from now on: every address, only the keys, or nothing. */
  setUnavailable(what: 'all' | 'keys' | 'nothing'): void;
  stop(): Promise<void>;
}

export const AUDIENCE = 'q-orchestrator';

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' };
  let keyRequests = 0;
  let unavailable: Parameters<Issuer['setUnavailable']>[0] = 'nothing';
  const server = createServer((req, res) => {
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': { keys: [jwk] },
    };
    if (req.url === '/keys') keyRequests += 1;
    const isUnavailable = unavailable === 'all' || (unavailable === 'keys' && req.url === '/keys');
    const answer = isUnavailable ? undefined : answers[req.url ?? ''];
    res.statusCode = answer === undefined ? 500 : 200;
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    keyRequestCount: () => keyRequests,
    publicPem: await exportSPKI(publicKey),
    setUnavailable: (what) => void (unavailable = what),
    async sign(claims = {}, { alg = 'RS256', kid = 'k1', key = privateKey } = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const validClaims = { iss: url, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 600, scope: 'openid qo:viewer' };
      const payload = { ...validClaims, qo_projects: '*', ...claims } as JWTPayload;
      return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
