/**
 * Extracts the provider's own message from an error, for the worker's log: one short line, without secrets.
 */
import { APICallError } from 'ai';
import { isObject } from '../../domain/json';
import { scanSecrets } from '../../inspect/secrets/secrets';
import { cutText } from '../../domain/text';
import { wholeCharacters } from './text';

const MAX_CHARS = 2_000;
/** Characters that are searched for secrets; an error page may be long. */
const MAX_READ_CHARS = 20_000;
const REMOVED = '[left out]';
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** A credential after the name of its scheme, such as `Bearer abc`. */
const SCHEME = /\b(bearer|basic)\s+\S+/gi;
/** A credential after the name of its header, such as `x-api-key: abc`. */
const HEADER = /\b(authorization|(?:x-)?api[-_ ]?key)(["']?\s*[:=]\s*["']?)(?!bearer|basic)[^\s"',]+/gi;
/** API keys, including those that a provider quotes with stars in the middle. */
const KEY = /\b(?:sk|gsk|xai|rk|pk|key)-[\w*.…-]{4,}/g;

/** Returns undefined if the error has no message. `secrets`: the keys that the request carried. */
export function detailOf(error: unknown, secrets: readonly string[]): string | undefined {
  const message = messageOf(error)?.slice(0, MAX_READ_CHARS);
  if (message === undefined || message.trim() === '') return undefined;
  let text = message;
  for (const secret of spellings(secrets)) text = text.replaceAll(secret, REMOVED);
  text = text.replace(SCHEME, `$1 ${REMOVED}`).replace(HEADER, `$1$2${REMOVED}`).replace(KEY, REMOVED);
  const lines = text.split(LINE_END).map((line) =>
    withoutSecrets(line)
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
  );
  const line = lines.filter((part) => part !== '').join(' ⏎ ');
  return cutText(wholeCharacters(line), MAX_CHARS).replaceAll('\n', ' ').trim();
}

/** Lists the secrets as they are and as JSON escapes them; longest first, so that no part of a longer secret remains. */
function spellings(secrets: readonly string[]): string[] {
  const all = secrets
    .filter(({ length }) => length > 3)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function messageOf(error: unknown): string | undefined {
  if (APICallError.isInstance(error)) return messageIn(error.data) ?? error.responseBody ?? error.message;
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : (messageIn(error) ?? JSON.stringify(error));
}

/** Reads the message. Providers send `{"error": {"message"}}`, `{"error": "…"}` or `{"message"}`. */
function messageIn(data: unknown): string | undefined {
  if (!isObject(data)) return undefined;
  const { error, message } = data;
  if (typeof message === 'string') return message;
  return typeof error === 'string' ? error : messageIn(error);
}

/** Removes the words that hold a secret, so that the rest stays readable. Removes the whole line if a secret spans words. */
function withoutSecrets(line: string): string {
  if (!holdsSecret(line)) return line;
  const words = line.split(/([\s"',;]+)/).map((word) => (word.length > 7 && holdsSecret(word) ? REMOVED : word));
  const remainingLine = words.join('');
  return holdsSecret(remainingLine) ? REMOVED : remainingLine;
}

function holdsSecret(text: string): boolean {
  return scanSecrets([{ path: 'answer.txt', line: 1, text }]).length > 0;
}
