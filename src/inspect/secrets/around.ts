/**
 * What only the lines around a line can tell: whether a key follows its header, and whether a key is one that pages show everybody.
 */
import type { AddedLine } from '../../ports/workspace';

const HEADER = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:/;
const KEY_FILE = /\.(?:pem|key|priv|ppk|der)$|(?:^|\/)id_[a-z0-9_]+$/i;
/** The key's own text: code that only looks for the header, and a document with dots below it, have none. */
const MATERIAL = /[A-Za-z0-9+/=]{24}/;
/** Lines between header and key: its type and cipher. */
const REACH_LINES = 5;
const LOOKED_AT_CHARS = 4_000;

export function holdsPrivateKey(lines: AddedLine[], index: number): boolean {
  const { path, text = '' } = lines[index] ?? {};
  const match = text.includes('-----BEGIN') || text.includes('PuTTY') ? HEADER.exec(text) : null;
  if (match === null || path === undefined) return false;
  const rest = text.slice(match.index + match[0].length, match.index + LOOKED_AT_CHARS);
  const below = near(lines, index, { from: 1, to: REACH_LINES }).map((line) => line.text.slice(0, LOOKED_AT_CHARS));
  return KEY_FILE.test(path) || [rest, ...below].some((one) => MATERIAL.test(one));
}

/** The search key of a documentation site (Algolia DocSearch), and the beacon of Cloudflare: both stand in the page. */
export function isPageKey(lines: AddedLine[], index: number): boolean {
  const text = lines[index]?.text.slice(0, LOOKED_AT_CHARS) ?? '';
  if (text.includes('cloudflareinsights.com/beacon')) return true;
  if (!/\bapiKey["']?\s{0,4}[:=]\s{0,4}["']?[0-9a-f]{32}(?![0-9a-f])/.test(text)) return false;
  const around = near(lines, index, { from: -REACH_LINES, to: REACH_LINES });
  return around.some((line) => /algolia|docsearch|indexName|appId/i.test(line.text.slice(0, LOOKED_AT_CHARS)));
}

function near(lines: AddedLine[], index: number, { from, to }: { from: number; to: number }): AddedLine[] {
  const own = lines[index];
  return lines
    .slice(Math.max(0, index + from), index + to + 1)
    .filter(({ path, line }) => own?.path === path && Math.abs(line - own.line) <= REACH_LINES);
}
