/**
 * Who a credential belongs to, and whether it still counts; and where tokens are kept. Types only.
 */
import type { Caller, Projects, Right } from '../domain/access';

/** What became of a credential. The words name no secret. */
export type Identified =
  | { kind: 'caller'; caller: Caller }
  /** No credential was given, and one is asked for. */
  | { kind: 'missing' }
  /** It is not taken: unknown, expired, revoked, malformed. */
  | { kind: 'refused'; words: string }
  /** It is genuine, and allows nothing here. */
  | { kind: 'empty'; words: string }
  /** The issuer of such tokens does not answer, so nobody can tell. */
  | { kind: 'unknowable'; words: string };

export interface Access {
  /** False: nobody is asked who they are. Once true it stays so while the process runs. */
  isAsked(): Promise<boolean>;
  /** `credential`: what stood in the Authorization header; null where none did. Throws Failure `Storage.Damaged`. */
  identify(credential: string | null): Promise<Identified>;
  /** False once the token has expired, was revoked or taken away: what is still being sent to its caller then ends. */
  isCurrent(caller: Caller): Promise<boolean>;
}

/** A token as it is kept: its secret is not. Times are ISO 8601. */
export interface KeptToken {
  name: string;
  /** Hex SHA-256 of the secret. */
  sha256: string;
  rights: readonly Right[];
  projects: Projects;
  createdAt: string;
  /** Null: never. */
  expiresAt: string | null;
  /** Null: it was not revoked. */
  revokedAt: string | null;
}
