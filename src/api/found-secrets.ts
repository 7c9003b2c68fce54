/**
 * Secrets in what callers send: taken out before anything is kept, and warned of in the answer.
 *
 * Words lose them. What is carried out (argument lists, addresses) or judged (files) stays as it is, and is warned of all the same.
 */
import type { CommandName } from '../domain/commands';
import type { Wire } from '../domain/commands/fields';
import { textOf } from '../inspect/text-bytes';
import { redactHanded } from '../inspect/secrets/handed-over';
import { redactContent, redactText, redactValue } from '../inspect/secrets/redact';
import type { Found } from '../inspect/secrets/redact';
import type { AmendBody, StartBody } from '../requests/start-request';
import { malformed } from './problems';

export interface Warning {
  field: string;
  /** Of the secret, e.g. `GitHub token`. */
  kind: string;
  message: string;
}
export interface Read<T> {
  body: T;
  warnings: Warning[];
}

const PROPER_WAY =
  'Give secrets to install steps by SETUP_ENV_FILE or SETUP_HOME, and logins of repositories by GIT_CREDENTIALS_FILE; change this one if it was real.';

export function readStartSecrets(given: StartBody): Read<StartBody> {
  const { requirements, metadata, user_id, attachments, build_id, ...kept } = given;
  if (build_id !== undefined && redactText(build_id).kinds.length > 0)
    throw malformed('build_id', 'looks like a secret, and an id is seen by everybody: take another one');
  const words = redactValue({ requirements, metadata, user_id });
  const files = attachments?.map(redactAttachment);
  const body = {
    ...given,
    ...withoutUndefined(words.value),
    ...(files === undefined ? {} : { attachments: files.map(({ value }) => value) }),
  } as StartBody;
  const inFiles = (files ?? []).flatMap(({ found }, index) =>
    found.map((one) => ({ ...one, field: `attachments.${index}` })),
  );
  return { body, warnings: [...redacted([...words.found, ...inFiles]), ...left(redactValue(kept).found)] };
}

/** The reason is words; what is laid over the request is carried out. */
export function readAmendSecrets({ reason, ...kept }: AmendBody): Read<AmendBody> {
  const words = redactValue({ reason });
  return { body: { ...kept, ...words.value }, warnings: [...redacted(words.found), ...left(redactValue(kept).found)] };
}

export function readCommandSecrets(name: CommandName, given: Wire): Read<Wire> {
  const { value: body, found } = name === 'advance' ? redactHanded(given, 'phase_result') : redactValue(given);
  const inFiles = name === 'advance' ? redactValue(body).found : [];
  return { body, warnings: [...redacted(found), ...left(inFiles)] };
}

/** `{warnings}` for an answer, or nothing. */
export function presentWarnings(warnings: Warning[]): { warnings?: Warning[] } {
  return warnings.length === 0 ? {} : { warnings };
}

function redactAttachment(file: NonNullable<StartBody['attachments']>[number]) {
  const read = textOf(Buffer.from(file.base64, 'base64'));
  if (read?.encoding !== 'utf-8') return { value: file, found: [] };
  const { text, found } = redactContent(read.text);
  return { value: found.length === 0 ? file : { ...file, base64: Buffer.from(text).toString('base64') }, found };
}

function redacted(found: Found[]): Warning[] {
  return found.map(({ field, kind }) => ({
    ...{ field, kind },
    message: `looks like a secret (${kind}) and was taken out: neither the build nor its record has it. ${PROPER_WAY}`,
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
