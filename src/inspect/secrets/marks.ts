/**
 * Knows a text again without holding it: a salted hash over every place of its length, behind a sum that rolls along. Pure.
 *
 * So what was taken out of a build stays out of what its workflow still says, and the list of what was taken out tells nobody what it
 * was. Who may read the list can guess: a short or common text is found by trying.
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

/** The words of a JSON value without what the marks know. */
export function redactMarked<T>(value: T, marks: readonly TextMark[], left: string): T {
  if (marks.length === 0) return value;
  return inWords(value, (words) => marks.reduce((text, mark) => cut(text, mark, left), words));
}

function cut(text: string, { salt, hash, length, sum }: TextMark, left: string): string {
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
