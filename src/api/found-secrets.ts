/**
 * Finds secrets in request bodies: it removes them before anything is stored, and the answer warns of each.
 *
 * Secrets are removed from descriptions. Commands, addresses and files must work as they are: they stay unchanged, with a warning.
 */
import type { CommandName } from '../domain/commands';
import type { Wire } from '../domain/commands/fields';
import { textOf } from '../inspect/text-bytes';
import { redactText } from '../inspect/secrets/redact';
import type { Found } from '../inspect/secrets/redact';
import type { AmendBody, StartBody } from '../requests/start-request';
import type { Readers } from '../ports/readers';
import { malformed } from './problems';
import { redact, redactContent } from './redacting';

export interface Warning {
  field: string;
  /** The kind of secret, e.g. `GitHub token`. */
  kind: string;
  message: string;
}
export interface Read<T> {
  body: T;
  warnings: Warning[];
}

const PROPER_WAY =
  'Give secrets to install steps by SETUP_ENV_FILE or SETUP_HOME, and logins of repositories by GIT_CREDENTIALS_FILE; change this one if it was real.';

export async function readStartSecrets(readers: Readers, given: StartBody): Promise<Read<StartBody>> {
  const { requirements, metadata, user_id, attachments, build_id, ...kept } = given;
  if (build_id !== undefined && redactText(build_id).kinds.length > 0)
    throw malformed('build_id', 'looks like a secret, but ids are public: use another one');
  const words = await redact(readers, { requirements, metadata, user_id });
  const files = attachments && (await Promise.all(attachments.map((file) => redactAttachment(readers, file))));
  const body = {
    ...given,
    ...withoutUndefined(words.value),
    ...(files === undefined ? {} : { attachments: files.map(({ value }) => value) }),
  } as StartBody;
  const inFiles = (files ?? []).flatMap(({ found }, index) =>
    found.map((one) => ({ ...one, field: `attachments.${index}` })),
  );
  return { body, warnings: [...redacted([...words.found, ...inFiles]), ...left((await redact(readers, kept)).found)] };
}

/** Removes secrets from the reason; the amended members must work as they are and keep theirs. */
export async function readAmendSecrets(readers: Readers, { reason, ...kept }: AmendBody): Promise<Read<AmendBody>> {
  const words = await redact(readers, { reason });
  const seen = await redact(readers, kept);
  return { body: { ...kept, ...words.value }, warnings: [...redacted(words.found), ...left(seen.found)] };
}

export async function readCommandSecrets(readers: Readers, name: CommandName, given: Wire): Promise<Read<Wire>> {
  const hasResult = name === 'advance';
  const { value: body, found } = await redact(readers, given, hasResult ? 'phase_result' : undefined);
  const inFiles = hasResult ? (await redact(readers, body)).found : [];
  return { body, warnings: [...redacted(found), ...left(inFiles)] };
}

/** Gives `{warnings}` for an answer, or `{}` where there are none. */
export function presentWarnings(warnings: Warning[]): { warnings?: Warning[] } {
  return warnings.length === 0 ? {} : { warnings };
}

async function redactAttachment(readers: Readers, file: NonNullable<StartBody['attachments']>[number]) {
  const read = textOf(Buffer.from(file.base64, 'base64'));
  if (read?.encoding !== 'utf-8') return { value: file, found: [] };
  const { text, found } = await redactContent(readers, read.text);
  return { value: text === null ? file : { ...file, base64: Buffer.from(text).toString('base64') }, found };
}

function redacted(found: Found[]): Warning[] {
  return found.map(({ field, kind }) => ({
    ...{ field, kind },
    message: `looks like a secret (${kind}) and was removed: neither the build nor its record has it. ${PROPER_WAY}`,
  }));
}

function left(found: Found[]): Warning[] {
  return found.map(({ field, kind }) => ({
    ...{ field, kind },
    message: `looks like a secret (${kind}) and stays as it is, since the build works with it; it is not shown. ${PROPER_WAY}`,
  }));
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}
