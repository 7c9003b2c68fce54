/**
 * The schemas of a start request's attachments (files other than text): as callers send them, and as they are stored.
 *
 * The API stores the bytes as artifacts; the stored request has their digests, which a caller cannot send.
 */
import { z } from 'zod';
import { isDigest } from '../domain/ids';
import { lowerCase, text, wholeNumber } from './fields';

const MAX_FILES = 10;
export const ATTACHMENTS_LIMIT_BYTES = 5 * 1024 * 1024;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;

/** Checks the first bytes of a file, by media type. In a RIFF file, four bytes of size precede the form (`WEBP`). */
const SIGNATURES: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': createPrefixCheck('89504e470d0a1a0a'),
  'image/jpeg': createPrefixCheck('ffd8ff'),
  'image/gif': (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
  'image/webp': (bytes) => /^RIFF[^]{4}WEBP/.test(bytes.toString('latin1', 0, 12)),
  'application/pdf': createPrefixCheck(Buffer.from('%PDF-').toString('hex')),
};

const name = text(200).refine(
  (value) => !/[/\\\p{Cc}]/u.test(value) && value !== '.' && value !== '..',
  'must be the name of a file, without folders: at most 200 characters, no "/", "\\" or control characters',
);
const mediaType = z.preprocess(
  lowerCase,
  z.string({ error: 'must be a media type such as "image/png"' }).superRefine((value, context) => {
    const quotedType = JSON.stringify(value.slice(0, 80));
    if (!MEDIA_TYPE.test(value))
      context.addIssue(`is ${quotedType}: give a media type without parameters, such as "image/png"`);
    else if (value.startsWith('text/'))
      context.addIssue(`is ${quotedType}: send text in requirements, not as an attachment`);
  }),
);
const base64 = z.string({ error: 'must be the bytes of the file in base64' }).superRefine((value, context) => {
  const problem = base64Problem(value);
  if (problem !== null) context.addIssue(problem);
});

const attachment = z.strictObject({ name, media_type: mediaType, base64 }).superRefine((given, context) => {
  const matches = SIGNATURES[given.media_type];
  if (matches === undefined || matches(Buffer.from(given.base64.slice(0, 64), 'base64'))) return;
  const message = `is "${given.media_type}", but the file does not begin like that type: give the right media type`;
  context.addIssue({ code: 'custom', path: ['media_type'], message });
});

/** The attachments as a caller sends them. */
export const attachmentsSchema = z
  .array(attachment, { error: 'must be a list of {name, media_type, base64}' })
  .max(MAX_FILES, `has more than ${MAX_FILES} files: leave some out`)
  .superRefine((given, context) => {
    const bytes = given.reduce((sum, { base64: content }) => sum + Buffer.byteLength(content, 'base64'), 0);
    if (bytes > ATTACHMENTS_LIMIT_BYTES) {
      const limitText = `${ATTACHMENTS_LIMIT_BYTES} (5 MiB)`;
      context.addIssue(`has ${bytes} bytes in all, and may have at most ${limitText}: send smaller files, or fewer`);
    }
    const duplicate = given.findIndex(({ name: own }, index) => given.findIndex((other) => other.name === own) < index);
    if (duplicate === -1) return;
    const message = `is ${JSON.stringify(given[duplicate]?.name)} a second time: give each file a name of its own`;
    context.addIssue({ code: 'custom', path: [duplicate, 'name'], message });
  });
export type GivenAttachment = z.output<typeof attachmentsSchema>[number];

/** The attachments as they are stored. `bytes` is the size of the content. */
export const storedAttachmentsSchema = z.array(
  z.strictObject({
    name,
    media_type: mediaType,
    digest: z.string().refine(isDigest, 'must be a digest'),
    bytes: wholeNumber(1, ATTACHMENTS_LIMIT_BYTES),
  }),
);
export type StoredAttachment = z.output<typeof storedAttachmentsSchema>[number];

function createPrefixCheck(hex: string): (bytes: Buffer) => boolean {
  return (bytes) => bytes.toString('hex', 0, hex.length / 2) === hex;
}

/** Node ignores errors in base64, so the decoded bytes are encoded again and compared. */
function base64Problem(value: string): string | null {
  const quotedStart = JSON.stringify(value.slice(0, 40));
  if (value === '') return 'is empty: send the bytes of the file in base64';
  if (value.startsWith('data:')) return `begins with ${quotedStart}: send what follows "base64," alone`;
  return Buffer.from(value, 'base64').toString('base64') === value
    ? null
    : `begins with ${quotedStart} and is not base64 (RFC 4648, with padding, without line ends)`;
}
