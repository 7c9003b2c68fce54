/**
 * Splits a YAML text into lines, each with the keys above it. This is no YAML parser: a flow collection is one value.
 *
 * That is enough for readers that judge top-level keys and their values and report unknown values.
 */
export interface YamlLine {
  /** The line number from 1. */
  line: number;
  /** The keys from the top level down; the last one is the key of the line. A list item has the keys of its list. */
  keys: string[];
  /** The value without quotes and comment; '' if the value is on the lines below. */
  value: string;
  text: string;
}

/** A key with a colon, quoted or not, and its value. */
const KEY = /^("[^"]*"|'[^']*'|[^\s"'#{[&*!|>%@`-][^:#]*|[^\s"'#{[]\S*[^\s:]|\w):(?:\s+(.*))?$/;

export function yamlLines(text: string): YamlLine[] {
  const above: Array<{ indent: number; key: string }> = [];
  // Lines below the same keys share one array.
  let keys: string[] = [];
  return text.split('\n').flatMap((raw, index): YamlLine[] => {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed === '---') return [];
    const { indent, body } = withoutDashes(raw);
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop();
    if (keys.length !== above.length) keys = above.map((one) => one.key);
    const [, key, value = ''] = (body.includes(':') ? KEY.exec(body) : null) ?? [];
    const place = { line: index + 1, text: trimmed };
    if (key === undefined) return [{ ...place, keys, value: unquoted(body) }];
    above.push({ indent, key: unquoted(key) });
    keys = [...keys, unquoted(key)];
    return [{ ...place, keys, value: unquoted(value) }];
  });
}

/** Returns the text after the dashes of list items, and its column: `- a: b` counts as a key at the column after the dash. */
function withoutDashes(raw: string): { indent: number; body: string } {
  let at = raw.length - raw.trimStart().length;
  while (raw.startsWith('- ', at)) {
    at += 2;
    while (raw[at] === ' ') at += 1;
  }
  // A list item may be at the column of its key, but still belongs below the key.
  return {
    indent: at === raw.length - raw.trimStart().length && raw[at] === '-' ? at + 1 : at,
    body: raw.slice(at).trim(),
  };
}

function unquoted(text: string): string {
  if (!/["'#]/.test(text)) return text.trim();
  const quoted = /^(?:"([^"]*)"|'([^']*)')\s*(?:#.*)?$/.exec(text.trim());
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? '';
  const comment = text.search(/(^|\s)#/);
  return (comment < 0 ? text : text.slice(0, comment)).trim();
}
