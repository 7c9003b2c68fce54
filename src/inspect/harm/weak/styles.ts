/**
 * Finds style sheets that request an address for each value of a field, and so reveal the value (CWE-200). Pure.
 */
import { hostsNamed } from '../hosts';
import type { NamedHost } from '../hosts';
import { matchesOf } from '../rule';
import type { Harm } from '../rule';
import { withoutBlocks } from '../texts';

/** A selector by the value of an attribute whose rule loads a picture from another server. */
const READS =
  /\[\s{0,3}(?:value|data-[\w-]{1,40}|content|href|src)\s{0,3}[$^*~|]?=[^\]{}\n]{1,80}\][^{}]{0,200}\{[^{}]{0,400}?url\(\s{0,3}["']?(?:https?:)?\/\//g;
/** The host of an address that a style sheet loads. */
const LOADED_HOST =
  /(?:url\(\s{0,3}["']?|@import\s{1,3}["'])(?:https?:)?\/\/([a-z0-9.-]{1,200}\.[a-z]{2,24})(?=[/"':)?#])/gi;

export function styleHarms(source: string, lineAt: (index: number) => number): { harms: Harm[]; hosts: NamedHost[] } {
  const text = withoutBlocks(source);
  const harms = matchesOf(READS, text)
    .filter(({ text: all }) => !/^\[\s{0,3}(?:href|src)/.test(all))
    .map(({ index, text: all }) => ({
      line: lineAt(index),
      to: lineAt(index + all.length - 1),
      does: 'asks another server by what stands in a field',
      why: 'each request for a picture reveals a part of what a user types in',
      isNote: false,
    }));
  const hosts = matchesOf(LOADED_HOST, text).flatMap(({ index, text: all, groups: [host = ''] }): NamedHost[] =>
    hostsNamed(`https://${host}/`).map((one) => ({
      ...{ line: lineAt(index), to: lineAt(index + all.length - 1), host: one },
      does: null,
    })),
  );
  return { harms, hosts };
}
