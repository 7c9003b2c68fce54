/**
 * What the probes found: as a table for people, and as the reason to refuse work. Pure.
 */
export interface Finding {
  probe: string;
  from: 'node' | 'python' | 'shell';
  escaped: boolean;
  /** What it got hold of; empty where it was held. */
  detail: string;
}

/** As half a sentence; undefined where every probe was held. */
export function refusal(findings: Finding[]): string | undefined {
  const escaped = findings.filter((finding) => finding.escaped);
  if (escaped.length === 0) return undefined;
  const named = escaped.slice(0, 8).map(({ probe, from, detail }) => `${probe} (${from}${detail && `: ${detail}`})`);
  const more = escaped.length > named.length ? ` and ${escaped.length - named.length} more` : '';
  return `${escaped.length} of ${findings.length} probes got out of it: ${named.join(', ')}${more}`;
}

export function table(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ probe }) => probe.length));
  const rows = findings.map(({ probe, from, escaped, detail }) =>
    `${escaped ? 'ESCAPED' : 'held   '}  ${from.padEnd(6)}  ${probe.padEnd(width)}  ${detail}`.trimEnd(),
  );
  const count = findings.filter((finding) => finding.escaped).length;
  return [...rows, `${findings.length} probes, ${count} escaped`].join('\n');
}
