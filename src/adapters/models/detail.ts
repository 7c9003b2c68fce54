/**
 * The provider's own words about a failure, for the worker's log: one short line, without secrets.
 */
import { APICallError } from 'ai';
import { isObject } from '../../domain/json';
import { scanSecrets } from '../../inspect/secrets/secrets';
import { cutText } from '../../domain/text';
import { wholeCharacters } from './text';

const MAX_CHARS = 2_000;
/** Read of an answer before it is cut: an error page may be long. */
const READ_CHARS = 20_000;
const LEFT_OUT = '[left out]';
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
const SCHEME = /\b(bearer|basic)\s+\S+/gi;
const HEADER = /\b(authorization|(?:x-)?api[-_ ]?key)(["']?\s*[:=]\s*["']?)(?!bearer|basic)[^\s"',]+/gi;
/** Keys, also those that a provider quotes with stars in the middle. */
const KEY = /\b(?:sk|gsk|xai|rk|pk|key)-[\w*.…-]{4,}/g;

/** Undefined where the provider said nothing. `secrets`: keys that were sent. */
export function detailOf(error: unknown, secrets: readonly string[]): string | undefined {
  const said = wordsOf(error)?.slice(0, READ_CHARS);
  if (said === undefined || said.trim() === '') return undefined;
  let text = said;
  for (const secret of spellings(secrets)) text = text.replaceAll(secret, LEFT_OUT);
  text = text.replace(SCHEME, `$1 ${LEFT_OUT}`).replace(HEADER, `$1$2${LEFT_OUT}`).replace(KEY, LEFT_OUT);
  const lines = text.split(LINE_END).map((line) =>
    withoutSecrets(line)
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
  );
  const line = lines.filter((one) => one !== '').join(' ⏎ ');
  return cutText(wholeCharacters(line), MAX_CHARS).replaceAll('\n', ' ').trim();
}

/** The longest first, so that of none a part is left; an answer in JSON has some of them escaped. */
function spellings(secrets: readonly string[]): string[] {
  const all = secrets.filter(({ length }) => length > 3).flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]);
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function wordsOf(error: unknown): string | undefined {
  if (APICallError.isInstance(error)) return messageIn(error.data) ?? error.responseBody ?? error.message;
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : (messageIn(error) ?? JSON.stringify(error));
}

/** `{"error": {"message"}}`, `{"error": "…"}` and `{"message"}` are all in use. */
function messageIn(data: unknown): string | undefined {
  if (!isObject(data)) return undefined;
  const { error, message } = data;
  if (typeof message === 'string') return message;
  return typeof error === 'string' ? error : messageIn(error);
}

/** Word by word, so that the rest of the line can be read; the whole line where a secret spans words. */
function withoutSecrets(line: string): string {
  if (!holdsSecret(line)) return line;
  const words = line.split(/([\s"',;]+)/).map((word) => (word.length > 7 && holdsSecret(word) ? LEFT_OUT : word));
  const rest = words.join('');
  return holdsSecret(rest) ? LEFT_OUT : rest;
}

function holdsSecret(text: string): boolean {
  return scanSecrets([{ path: 'answer.txt', line: 1, text }]).length > 0;
}
