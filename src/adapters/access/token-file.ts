/**
 * Reads and changes the named tokens of an installation: one file of DATA_DIR, with the SHA-256 of each token and no secret.
 *
 * Revoked and expired tokens stay in the file. As long as it has any token the API requires a credential, and audit entries
 * may name the old tokens.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isProjects, isRight, isTokenName } from '../../domain/access';
import type { Projects, Right } from '../../domain/access';
import { Failure } from '../../domain/failures';
import { sha256 } from '../../inspect/digest';
import type { KeptToken } from '../../ports/access';
import { createChangeReader } from '../machine/change-reader';
import { isCode } from '../machine/errno';
import { withLock } from '../machine/lock';
import type { Leftovers } from '../machine/leftovers';
import { replaceFile, writeLeftovers } from '../machine/write-whole';

const time = z.iso.datetime();
const fileSchema = z.strictObject({
  version: z.literal(1),
  tokens: z.array(
    z.strictObject({
      name: z.custom<string>(isTokenName),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      rights: z.array(z.custom<Right>(isRight)).min(1),
      projects: z.custom<Projects>(isProjects),
      createdAt: time,
      expiresAt: time.nullable(),
      revokedAt: time.nullable(),
    }),
  ),
});

const LOCK_WAIT_MS = 10_000;

export interface NewToken extends Pick<KeptToken, 'name' | 'rights' | 'projects' | 'expiresAt'> {
  /** Receives the secret before the token is stored. If it throws, no token is made. */
  hand: (secret: string) => Promise<void>;
  /** True: makes a token only if the file has none, not even a revoked one. */
  onlyFirst: boolean;
}

/** `taken`: an active token has that name. `there`: `onlyFirst` was set and the file already has tokens. */
export type Created = 'made' | 'taken' | 'there';

export function tokenFileIn(dataDir: string): string {
  return join(dataDir, 'tokens.json');
}

/** The temporary files of `tokens.json` itself. The folders of DATA_DIR have leftovers of their own. */
export function tokenLeftovers(dataDir: string): Leftovers[] {
  return writeLeftovers(dataDir).filter(({ below }) => below === undefined);
}

/** Returns an empty list if there is no file. Throws Failure `Storage.Damaged` if the file is not valid. */
export async function readTokens(file: string): Promise<KeptToken[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  return text === undefined ? [] : parseTokens(text);
}

export function createToken(file: string, { hand, onlyFirst, ...properties }: NewToken): Promise<Created> {
  return changeTokens(file, async (tokens) => {
    if (onlyFirst && tokens.length > 0) return { result: 'there' };
    if (tokens.some((token) => token.name === properties.name && isActive(token))) return { result: 'taken' };
    const secret = `qo_${randomBytes(32).toString('base64url')}`;
    await hand(secret);
    const token = { ...properties, sha256: sha256(secret), createdAt: new Date().toISOString(), revokedAt: null };
    return { result: 'made', tokens: [...tokens, token] };
  });
}

/** Returns false if no token of that name is left to revoke. */
export async function revokeToken(file: string, name: string): Promise<boolean> {
  const isRevocable = (token: KeptToken) => token.name === name && token.revokedAt === null;
  // Checked before the lock is taken, because taking the lock creates a missing folder.
  if (!(await readTokens(file)).some(isRevocable)) return false;
  return changeTokens<boolean>(file, async (tokens) => {
    if (!tokens.some(isRevocable)) return { result: false };
    const revokedAt = new Date().toISOString();
    return { result: true, tokens: tokens.map((token) => (isRevocable(token) ? { ...token, revokedAt } : token)) };
  });
}

/** True for a token that is neither revoked nor expired. */
export function isActive({ expiresAt, revokedAt }: KeptToken, now = Date.now()): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now);
}

/** The returned function reads the file again if any process has changed it since the last call. */
export function createTokenReader(file: string): () => Promise<KeptToken[]> {
  return createChangeReader(file, async () => readTokens(file));
}

interface Change<T> {
  result: T;
  /** The tokens to store. Absent: the file stays as it is. */
  tokens?: KeptToken[];
}

function changeTokens<T>(file: string, change: (tokens: KeptToken[]) => Promise<Change<T>>): Promise<T> {
  return withLock({ file: `${file}.lock`, waitMs: LOCK_WAIT_MS }, async () => {
    const { result, tokens } = await change(await readTokens(file));
    if (tokens !== undefined)
      await replaceFile(file, Buffer.from(`${JSON.stringify({ version: 1, tokens }, null, 2)}\n`));
    return result;
  });
}

function parseTokens(text: string): KeptToken[] {
  try {
    return fileSchema.parse(JSON.parse(text)).tokens;
  } catch {
    const remedy = 'restore it from a copy, or remove it and make new tokens';
    throw new Failure('Storage.Damaged', `tokens.json in DATA_DIR is not what was written there: ${remedy}`);
  }
}
