/**
 * Decides by the lines around a line whether a private key follows its header, and whether a key is a public one of a web page. Pure.
 */
import type { AddedLine } from '../../ports/workspace';

const HEADER = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:/;
const KEY_FILE = /\.(?:pem|key|priv|ppk|der)$|(?:^|\/)id_[a-z0-9_]+$/i;
/** The text of a key. Code that only searches for the header, and a document that shows dots instead of the key, do not have it. */
const KEY_TEXT = /[A-Za-z0-9+/=]{24}/;
/** At most so many lines, such as the type and the cipher, are between the header and the key. */
const REACH_LINES = 5;
const LOOKED_AT_CHARS = 4_000;

export function holdsPrivateKey(lines: AddedLine[], index: number): boolean {
  const { path, text = '' } = lines[index] ?? {};
  const match = text.includes('-----BEGIN') || text.includes('PuTTY') ? HEADER.exec(text) : null;
  if (match === null || path === undefined) return false;
  const rest = text.slice(match.index + match[0].length, match.index + LOOKED_AT_CHARS);
  const below = linesNear(lines, index, { from: 1, to: REACH_LINES }).map((line) =>
    line.text.slice(0, LOOKED_AT_CHARS),
  );
  return KEY_FILE.test(path) || [rest, ...below].some((one) => KEY_TEXT.test(one));
}

/** True for the search key of a documentation site (Algolia DocSearch) and for Cloudflare's beacon, which a page shows everybody. */
export function isPageKey(lines: AddedLine[], index: number): boolean {
  const text = lines[index]?.text.slice(0, LOOKED_AT_CHARS) ?? '';
  if (text.includes('cloudflareinsights.com/beacon')) return true;
  if (!/\bapiKey["']?\s{0,4}[:=]\s{0,4}["']?[0-9a-f]{32}(?![0-9a-f])/.test(text)) return false;
  const around = linesNear(lines, index, { from: -REACH_LINES, to: REACH_LINES });
  return around.some((line) => /algolia|docsearch|indexName|appId/i.test(line.text.slice(0, LOOKED_AT_CHARS)));
}

function linesNear(lines: AddedLine[], index: number, { from, to }: { from: number; to: number }): AddedLine[] {
  const own = lines[index];
  return lines
    .slice(Math.max(0, index + from), index + to + 1)
    .filter(({ path, line }) => own?.path === path && Math.abs(line - own.line) <= REACH_LINES);
}
