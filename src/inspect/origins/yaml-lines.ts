/**
 * The lines of a YAML text, each with the keys above it. No YAML parser: what stands in the flow form is one value.
 *
 * Enough where the keys of the top and the values below them are judged, and unknown values are shown.
 */
export interface YamlLine {
  /** Counts from 1. */
  line: number;
  /** From the top down, with its own key last; an item of a list has the keys of its list. */
  keys: string[];
  /** Without quotes and comment; '' where the value stands below. */
  value: string;
  text: string;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s"'#{[&*!|>%@`-][^:#]*|[^\s"'#{[]\S*[^\s:]|\w):(?:\s+(.*))?$/;

export function yamlLines(text: string): YamlLine[] {
  const above: Array<{ indent: number; key: string }> = [];
  // Lines below the same keys share one list of them.
  let keys: string[] = [];
  return text.split('\n').flatMap((raw, index): YamlLine[] => {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed === '---') return [];
    const { indent, body } = withoutDashes(raw);
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop();
    if (keys.length !== above.length) keys = above.map((one) => one.key);
    const [, key, value = ''] = (body.includes(':') ? KEY.exec(body) : null) ?? [];
    const place = { line: index + 1, text: trimmed };
    if (key === undefined) return [{ ...place, keys, value: plain(body) }];
    above.push({ indent, key: plain(key) });
    keys = [...keys, plain(key)];
    return [{ ...place, keys, value: plain(value) }];
  });
}

/** `- a: b` is a key at the column behind the dash. */
function withoutDashes(raw: string): { indent: number; body: string } {
  let at = raw.length - raw.trimStart().length;
  while (raw.startsWith('- ', at)) {
    at += 2;
    while (raw[at] === ' ') at += 1;
  }
  // An item of a list may stand at the column of its key: it lies below it all the same.
  return {
    indent: at === raw.length - raw.trimStart().length && raw[at] === '-' ? at + 1 : at,
    body: raw.slice(at).trim(),
  };
}

function plain(text: string): string {
  if (!/["'#]/.test(text)) return text.trim();
  const quoted = /^(?:"([^"]*)"|'([^']*)')\s*(?:#.*)?$/.exec(text.trim());
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? '';
  const comment = text.search(/(^|\s)#/);
  return (comment < 0 ? text : text.slice(0, comment)).trim();
}
