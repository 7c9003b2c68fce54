/**
 * Finds the caller of a credential and checks whether the credential is still valid; stores tokens. Types only.
 */
import type { Caller, Projects, Right } from '../domain/access';

/** The result of checking a credential. `words` is a message without a secret. */
export type CredentialCheck =
  | { kind: 'caller'; caller: Caller }
  /** The request has no credential, and the API requires one. */
  | { kind: 'missing' }
  /** The credential is unknown, expired, revoked or malformed. */
  | { kind: 'refused'; words: string }
  /** The credential is genuine, but gives no right in this installation. */
  | { kind: 'empty'; words: string }
  /** The issuer of the token does not answer, so the token cannot be checked. */
  | { kind: 'unknowable'; words: string };

export interface Access {
  /** True if the API requires a credential. Once true, it stays true while the process runs. */
  requiresToken(): Promise<boolean>;
  /** `credential`: the value of the Authorization header; null if there is none. Throws Failure `Storage.Damaged`. */
  identify(credential: string | null): Promise<CredentialCheck>;
  /** False once the caller's token has expired or was revoked or removed. Answers that are still being sent to the caller then end. */
  isCurrent(caller: Caller): Promise<boolean>;
}

/** A token as it is stored, without its secret. Times are ISO 8601. */
export interface KeptToken {
  name: string;
  /** Hex SHA-256 of the secret. */
  sha256: string;
  rights: readonly Right[];
  projects: Projects;
  createdAt: string;
  /** Null: the token never expires. */
  expiresAt: string | null;
  /** Null: the token was not revoked. */
  revokedAt: string | null;
}
