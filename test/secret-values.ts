/**
 * Makes secrets of many kinds at run time, so that no file of this repository has a text that its own gate would stop.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Text that looks random, of at most 128 characters; the same seed gives the same text. */
export function signs(length: number, seed: string, alphabet = ALNUM): string {
  const bytes = [0, 1].flatMap((index) => [...createHash('sha512').update(`${seed} ${index}`).digest()]);
  return bytes
    .slice(0, length)
    .map((byte) => alphabet[byte % alphabet.length])
    .join('');
}

const HEX = '0123456789abcdef';
const encodeJwtPart = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Each seed has values of its own. */
export function secretsOf(seed: string) {
  return {
    github: `ghp_${signs(36, `${seed} github`)}`,
    gitlab: `glpat-${signs(20, `${seed} gitlab`)}`,
    anthropic: `sk-ant-${signs(40, `${seed} anthropic`)}`,
    openai: `sk-proj-${signs(48, `${seed} openai`)}`,
    aws: `AKIA${signs(16, `${seed} aws`, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    slack: `xoxb-${signs(12, `${seed} s1`, '0123456789')}-${signs(24, `${seed} slack`)}`,
    stripe: `sk_live_${signs(24, `${seed} stripe`)}`,
    npm: `npm_${signs(36, `${seed} npm`)}`,
    pypi: `pypi-AgE${signs(60, `${seed} pypi`)}`,
    sendgrid: `SG.${signs(22, `${seed} sg`)}.${signs(43, `${seed} sendgrid`)}`,
    digitalOcean: `dop_v1_${signs(64, `${seed} do`, HEX)}`,
    vault: `hvs.${signs(40, `${seed} vault`)}`,
    google: `AIza${signs(35, `${seed} google`)}`,
    linear: `lin_api_${signs(40, `${seed} linear`)}`,
    jwt: [
      encodeJwtPart({ alg: 'HS256' }),
      encodeJwtPart({ sub: seed, exp: 4_000_000_000 }),
      signs(43, `${seed} jwt`),
    ].join('.'),
    password: `hV7fq2Zr${signs(10, `${seed} password`)}`,
    inUrl: `Kq8vT3xw${signs(10, `${seed} url`)}`,
    bearer: signs(40, `${seed} bearer`),
  };
}

export function privateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
}
