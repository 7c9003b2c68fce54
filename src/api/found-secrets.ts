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
import type { PlanBody } from '../requests/plan';
import type { Readers } from '../ports/readers';
import { malformed } from './problems';
import { redact, redactContent } from './redacting';

export interface Warning {
  field: string;
  /** The kind of secret, e.g. `GitHub token`. */
  kind: string;
  message: string;
}
export interface ReadBody<T> {
  body: T;
  warnings: Warning[];
}

const HOW_TO_GIVE_SECRETS =
  'Give secrets to install steps by SETUP_ENV_FILE or SETUP_HOME, and logins of repositories by GIT_CREDENTIALS_FILE; change this one if it was real.';

export async function readStartSecrets(readers: Readers, given: StartBody): Promise<ReadBody<StartBody>> {
  const { requirements, metadata, user_id, attachments, build_id, ...unredacted } = given;
  if (build_id !== undefined && redactText(build_id).kinds.length > 0)
    throw malformed('build_id', 'looks like a secret, but ids are public: use another one');
  const descriptions = await redact(readers, { requirements, metadata, user_id });
  const files = attachments && (await Promise.all(attachments.map((file) => redactAttachment(readers, file))));
  const body = {
    ...given,
    ...withoutUndefined(descriptions.value),
    ...(files === undefined ? {} : { attachments: files.map(({ value }) => value) }),
  } as StartBody;
  const fileFindings = (files ?? []).flatMap(({ found }, index) =>
    found.map((one) => ({ ...one, field: `attachments.${index}` })),
  );
  return {
    body,
    warnings: [
      ...warnOfRemoved([...descriptions.found, ...fileFindings]),
      ...warnOfKept((await redact(readers, unredacted)).found),
    ],
  };
}

/** Removes secrets from the reason; the amended members must work as they are and keep theirs. */
export async function readAmendSecrets(
  readers: Readers,
  { reason, ...members }: AmendBody,
): Promise<ReadBody<AmendBody>> {
  const redactedReason = await redact(readers, { reason });
  const inMembers = await redact(readers, members);
  return {
    body: { ...members, ...redactedReason.value },
    warnings: [...warnOfRemoved(redactedReason.found), ...warnOfKept(inMembers.found)],
  };
}

/** Removes secrets from the whole body: a plan is a description. */
export async function readPlanSecrets(readers: Readers, given: PlanBody): Promise<ReadBody<PlanBody>> {
  const { value: body, found } = await redact(readers, given);
  return { body, warnings: warnOfRemoved(found) };
}

export async function readCommandSecrets(readers: Readers, name: CommandName, given: Wire): Promise<ReadBody<Wire>> {
  const hasResult = name === 'advance';
  const { value: body, found } = await redact(readers, given, hasResult ? 'phase_result' : undefined);
  const fileFindings = hasResult ? (await redact(readers, body)).found : [];
  return { body, warnings: [...warnOfRemoved(found), ...warnOfKept(fileFindings)] };
}

/** Gives `{warnings}` for an answer, or `{}` if there are none. */
export function presentWarnings(warnings: Warning[]): { warnings?: Warning[] } {
  return warnings.length === 0 ? {} : { warnings };
}

async function redactAttachment(readers: Readers, file: NonNullable<StartBody['attachments']>[number]) {
  const decoded = textOf(Buffer.from(file.base64, 'base64'));
  if (decoded?.encoding !== 'utf-8') return { value: file, found: [] };
  const { text, found } = await redactContent(readers, decoded.text);
  return { value: text === null ? file : { ...file, base64: Buffer.from(text).toString('base64') }, found };
}

function warnOfRemoved(found: Found[]): Warning[] {
  return found.map(({ field, kind }) => ({
    ...{ field, kind },
    message: `looks like a secret (${kind}) and was removed: neither the build nor its record has it. ${HOW_TO_GIVE_SECRETS}`,
  }));
}

function warnOfKept(found: Found[]): Warning[] {
  return found.map(({ field, kind }) => ({
    ...{ field, kind },
    message: `looks like a secret (${kind}) and stays as it is, since the build works with it; it is not shown. ${HOW_TO_GIVE_SECRETS}`,
  }));
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}
