/**
 * Recognizes a redacted text again without storing it. A mark is a salted hash of the text; a rolling sum decides at which positions
 * the hash is computed. Pure.
 *
 * With the marks, a text that was redacted in a build is also redacted in what its workflow says later. The list of marks does not
 * contain the texts. A caller who may read the list can still find a short or common text by guessing.
 */
import { randomBytes } from 'node:crypto';
import type { TextMark } from '../../ports/documents';
import { sha256 } from '../digest';
import { inWords } from './words';

const MODULUS = 65_536;

export function markOf(text: string): TextMark {
  const salt = randomBytes(16).toString('hex');
  return { salt, hash: sha256(`${salt}${text}`), length: text.length, sum: sumOf(text) };
}

/** Replaces each marked text in the words of a JSON value by `left`. */
export function redactMarked<T>(value: T, marks: readonly TextMark[], left: string): T {
  if (marks.length === 0) return value;
  return inWords(value, (words) => marks.reduce((text, mark) => replaceMarked(text, mark, left), words));
}

function replaceMarked(text: string, { salt, hash, length, sum }: TextMark, left: string): string {
  let out = '';
  let from = 0;
  let rolling = sumOf(text.slice(0, length));
  for (let at = 0; at + length <= text.length; at += 1) {
    if (at >= from && rolling === sum && sha256(`${salt}${text.slice(at, at + length)}`) === hash) {
      out += text.slice(from, at) + left;
      from = at + length;
    }
    rolling = (rolling - text.charCodeAt(at) + text.charCodeAt(at + length) + MODULUS) % MODULUS;
  }
  return from === 0 ? text : out + text.slice(from);
}

function sumOf(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum + text.charCodeAt(at)) % MODULUS;
  return sum;
}
