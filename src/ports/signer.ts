/**
 * Signs the records that the API gives out. Types only.
 */
import type { Signature } from '../domain/record/format';

/** Ed25519 over the UTF-8 bytes of the text. */
export type SignText = (text: string) => Promise<Signature>;
