/**
 * Signs records with Ed25519, and checks signatures. The key is made at first use and stored in the data folder: a program that can
 * read that folder can sign.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { DocumentStore } from '../../ports/documents';
import type { SignText } from '../../ports/signer';
import type { Signature } from '../../domain/record/format';
import { sha256 } from '../../inspect/digest';

const KEY = 'record';

export function createSigner(documents: DocumentStore): SignText {
  return async (text) => {
    // If several processes make a key at the same time, all use the one that was stored first.
    const stored = (await documents.load('keys', KEY)) ?? (await documents.keepFirst('keys', KEY, makeKey()));
    const key = createPrivateKey(stored.private_key);
    return {
      algorithm: 'ed25519',
      public_key: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
      signature: sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
    };
  };
}

/** Checks a signature; null if the public key is not a valid Ed25519 key. */
export function checkSignature({ public_key, signature }: Signature, text: string) {
  const der = Buffer.from(public_key, 'base64');
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return null;
    const valid = verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
    const canonicalDer = key.export({ type: 'spki', format: 'der' });
    return { valid, fingerprint: `SHA256:${sha256(canonicalDer)}` };
  } catch {
    return null;
  }
}

function makeKey() {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
