/**
 * Encrypts payloads, so that the data of builds in Temporal cannot be read without the keys: AES-256-GCM, each with a random nonce.
 *
 * An encrypted payload has the encoding `binary/encrypted`, the key's id in its metadata, and as data the nonce, the ciphertext
 * and the tag. Payloads that are not encrypted pass unchanged: those of older histories, and those of the `temporal` command.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { PayloadKey } from './payload-keys';

const ALGORITHM = 'aes-256-gcm';
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PROTO = temporal.api.common.v1.Payload;

/** Code that may not import this file recognizes it by its name. */
class PayloadUnreadable extends Error {
  override readonly name = 'PayloadUnreadable';
}

export function createPayloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [encryptionKey] = keys;
  if (encryptionKey === undefined) throw new Error('a codec needs a key');
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, encryptionKey)),
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, keys) : payload)),
  };
}

function isEncrypted({ metadata }: Payload): boolean {
  return textOf(metadata?.['encoding']) === ENCODING;
}

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associatedData(id));
  const ciphertext = [cipher.update(PROTO.encode(payload).finish()), cipher.final()];
  return {
    metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat([nonce, ...ciphertext, cipher.getAuthTag()]),
  };
}

/** Throws if there is no key with the id (the message names it), or if the bytes are not what was encrypted. */
function decrypt({ metadata, data }: Payload, keys: readonly PayloadKey[]): Payload {
  const id = textOf(metadata?.[KEY_ID]) ?? '';
  const payloadKey = keys.find((candidate) => candidate.id === id);
  if (payloadKey === undefined)
    throw new PayloadUnreadable(
      `a payload was encrypted with the key "${id.slice(0, 64)}", which PAYLOAD_KEYS_FILE does not have`,
    );
  const bytes = Buffer.from(data ?? []);
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, payloadKey.key, nonce, { authTagLength: TAG_BYTES }).setAAD(
      associatedData(id),
    );
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plaintext = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return PROTO.decode(Buffer.concat(plaintext));
  } catch (error) {
    throw new Error(
      `a payload of the key "${id}" was changed after it was encrypted, or is of another key of that name`,
      {
        cause: error,
      },
    );
  }
}

/** Binds the key id to the ciphertext: a payload with a changed key id cannot be decrypted. */
function associatedData(id: string): Buffer {
  return Buffer.from(`${ENCODING} ${id}`);
}

function textOf(bytes: Uint8Array | null | undefined): string | undefined {
  return bytes == null ? undefined : Buffer.from(bytes).toString('utf8');
}
