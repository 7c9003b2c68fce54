/**
 * Encryption of payloads: what Temporal stores of builds cannot be read without the keys. AES-256-GCM, a random nonce each.
 *
 * A payload becomes one of encoding `binary/encrypted` whose metadata name the key: nonce, ciphertext, tag. Payloads that are not
 * encrypted are read as they are: histories of before there were keys, and what the `temporal` command sends.
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

/** Known by its name where this room may not be imported. */
class PayloadUnreadable extends Error {
  override readonly name = 'PayloadUnreadable';
}

export function createPayloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [first] = keys;
  if (first === undefined) throw new Error('a codec needs a key');
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, first)),
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, keys) : payload)),
  };
}

function isEncrypted({ metadata }: Payload): boolean {
  return textOf(metadata?.['encoding']) === ENCODING;
}

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(id));
  const sealed = [cipher.update(PROTO.encode(payload).finish()), cipher.final()];
  return {
    metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]),
  };
}

/** Throws where the key is not known, naming its id, and where the bytes are not as they were encrypted. */
function decrypt({ metadata, data }: Payload, keys: readonly PayloadKey[]): Payload {
  const id = textOf(metadata?.[KEY_ID]) ?? '';
  const known = keys.find((one) => one.id === id);
  if (known === undefined)
    throw new PayloadUnreadable(
      `a payload was encrypted with the key "${id.slice(0, 64)}", which PAYLOAD_KEYS_FILE does not have`,
    );
  const bytes = Buffer.from(data ?? []);
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, known.key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(id));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const open = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return PROTO.decode(Buffer.concat(open));
  } catch (error) {
    throw new Error(
      `a payload of the key "${id}" was changed after it was encrypted, or is of another key of that name`,
      {
        cause: error,
      },
    );
  }
}

/** A payload does not open under another key id than that it was made with. */
function boundTo(id: string): Buffer {
  return Buffer.from(`${ENCODING} ${id}`);
}

function textOf(bytes: Uint8Array | null | undefined): string | undefined {
  return bytes == null ? undefined : Buffer.from(bytes).toString('utf8');
}
