/**
 * Reads stored start requests of older versions: each migration converts one version to the next.
 *
 * A document without `version` has version 1, the shape of commit 0956107. A new field that may be absent needs no version;
 * a document of the present shape keeps its bytes, so that a start repeated after an upgrade is still the same request.
 */
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';

export interface Migration {
  /** The version that the migration reads; its result has the next version. */
  from: number;
  migrate(document: JsonObject): JsonObject;
}

const FIRST_VERSION = 1;

/** The migrations, oldest first. Once there is one, new documents have the member `version`. */
export const MIGRATIONS: readonly Migration[] = [];

/** Gives the member `version` of a new document; empty while the version is 1. */
export function versionMember(migrations = MIGRATIONS): { version?: number } {
  return migrations.length === 0 ? {} : { version: FIRST_VERSION + migrations.length };
}

type Conversion = { kind: 'present'; document: JsonObject } | { kind: 'unreadable'; why: string };

/** Converts a stored document to the present version. */
export function toPresentVersion(stored: unknown, migrations: readonly Migration[]): Conversion {
  if (!isObject(stored)) return unreadable('it is not a JSON object');
  const { version = FIRST_VERSION, ...document } = stored;
  const presentVersion = FIRST_VERSION + migrations.length;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < FIRST_VERSION) {
    return unreadable('version must be a whole number from 1 on');
  }
  if (version > presentVersion)
    return unreadable(`version is ${version}, and this worker knows versions up to ${presentVersion} only`);
  const dueMigrations = migrations.filter(({ from }) => from >= version);
  return {
    kind: 'present',
    document: dueMigrations.reduce<JsonObject>((converted, { migrate }) => migrate(converted), document),
  };
}

function unreadable(why: string): Conversion {
  return { kind: 'unreadable', why };
}
