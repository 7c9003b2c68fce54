/**
 * The named tokens of an installation, in one file of DATA_DIR that holds no secret: only the SHA-256 of each.
 *
 * Revoked and expired tokens stay in it: a file with tokens is what closes the API, and a trail may name them.
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
import { replaceWhole, writeLeftovers } from '../machine/write-whole';

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
  /** Is given the secret before the token counts; where it throws, no token is made. */
  hand: (secret: string) => Promise<void>;
  /** Makes none where the file has any token, also a revoked one. */
  onlyFirst: boolean;
}

/** `taken`: a token of that name counts. `there`: tokens exist, and only a first one was asked for. */
export type Created = 'made' | 'taken' | 'there';

export function tokenFileIn(dataDir: string): string {
  return join(dataDir, 'tokens.json');
}

/** Beside the file only: the folders of DATA_DIR are swept for themselves. */
export function tokenLeftovers(dataDir: string): Leftovers[] {
  return writeLeftovers(dataDir).filter(({ below }) => below === undefined);
}

/** Empty where there is no file. Throws Failure `Storage.Damaged`. */
export async function readTokens(file: string): Promise<KeptToken[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  return text === undefined ? [] : parseTokens(text);
}

export function createToken(file: string, { hand, onlyFirst, ...given }: NewToken): Promise<Created> {
  return changing(file, async (tokens) => {
    if (onlyFirst && tokens.length > 0) return { result: 'there' };
    if (tokens.some((one) => one.name === given.name && counts(one))) return { result: 'taken' };
    const secret = `qo_${randomBytes(32).toString('base64url')}`;
    await hand(secret);
    const made = { ...given, sha256: sha256(secret), createdAt: new Date().toISOString(), revokedAt: null };
    return { result: 'made', tokens: [...tokens, made] };
  });
}

/** False where no token of that name is there to revoke. */
export async function revokeToken(file: string, name: string): Promise<boolean> {
  const isMeant = (one: KeptToken) => one.name === name && one.revokedAt === null;
  // Asked before the lock, which would make a folder that is not there.
  if (!(await readTokens(file)).some(isMeant)) return false;
  return changing<boolean>(file, async (tokens) => {
    if (!tokens.some(isMeant)) return { result: false };
    const revokedAt = new Date().toISOString();
    return { result: true, tokens: tokens.map((one) => (isMeant(one) ? { ...one, revokedAt } : one)) };
  });
}

/** Neither revoked nor expired. */
export function counts({ expiresAt, revokedAt }: KeptToken, now = Date.now()): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now);
}

/** Reads the file again at the next call after a change by any process. */
export function createTokenReader(file: string): () => Promise<KeptToken[]> {
  return createChangeReader(file, async () => readTokens(file));
}

interface Change<T> {
  result: T;
  /** Absent: nothing is changed. */
  tokens?: KeptToken[];
}

function changing<T>(file: string, change: (tokens: KeptToken[]) => Promise<Change<T>>): Promise<T> {
  return withLock({ file: `${file}.lock`, waitMs: LOCK_WAIT_MS }, async () => {
    const { result, tokens } = await change(await readTokens(file));
    if (tokens !== undefined)
      await replaceWhole(file, Buffer.from(`${JSON.stringify({ version: 1, tokens }, null, 2)}\n`));
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
