/**
 * Presents the findings of the probes: as a table for people, and as the reason to refuse work. Pure.
 */
export interface Finding {
  probe: string;
  from: 'node' | 'python' | 'shell';
  escaped: boolean;
  /** The thing that the probe reached; empty if it did not escape. */
  detail: string;
}

/** Returns the reason to refuse the sandbox as a clause; undefined if no probe escaped. */
export function describeEscapes(findings: Finding[]): string | undefined {
  const escaped = findings.filter((finding) => finding.escaped);
  if (escaped.length === 0) return undefined;
  const shownEscapes = escaped
    .slice(0, 8)
    .map(({ probe, from, detail }) => `${probe} (${from}${detail && `: ${detail}`})`);
  const more = escaped.length > shownEscapes.length ? ` and ${escaped.length - shownEscapes.length} more` : '';
  return `${escaped.length} of ${findings.length} probes got out of it: ${shownEscapes.join(', ')}${more}`;
}

export function formatFindings(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ probe }) => probe.length));
  const rows = findings.map(({ probe, from, escaped, detail }) =>
    `${escaped ? 'ESCAPED' : 'held   '}  ${from.padEnd(6)}  ${probe.padEnd(width)}  ${detail}`.trimEnd(),
  );
  const count = findings.filter((finding) => finding.escaped).length;
  return [...rows, `${findings.length} probes, ${count} escaped`].join('\n');
}
