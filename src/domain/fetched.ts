/**
 * Downloads of install steps, as seen by the worker's proxy: servers, bytes, times, and refused connections. Pure; lists have limits.
 *
 * TLS hides the requests to a server, so nothing more is known.
 */
export interface Downloads {
  /** In the order of the first connection. */
  servers: ServerTraffic[];
  /** `host:port` of servers that a rule refused. */
  refused: string[];
  /** How many entries of each list are left out. */
  omitted: { servers: number; refused: number };
}
export interface ServerTraffic {
  /** `host:port`. */
  server: string;
  connections: number;
  received_bytes: number;
  sent_bytes: number;
  /** ISO 8601. */
  first_at: string;
  last_at: string;
}

/** Maximum number of entries in each list of one document. */
export const FETCHED_LIMIT = 50;
const NAMES_SHOWN = 3;

/** Combines the downloads of several steps; undefined if none of them used the proxy. */
export function combineFetched(steps: ReadonlyArray<Downloads | undefined>): Downloads | undefined {
  const usedSteps = steps.filter((step) => step !== undefined);
  if (usedSteps.length === 0) return undefined;
  const servers = new Map<string, ServerTraffic>();
  for (const traffic of usedSteps.flatMap((step) => step.servers)) {
    const earlierTraffic = servers.get(traffic.server);
    servers.set(traffic.server, earlierTraffic === undefined ? traffic : addUp(earlierTraffic, traffic));
  }
  const refused = [...new Set(usedSteps.flatMap((step) => step.refused))];
  const sumOmitted = (member: keyof Downloads['omitted']): number =>
    usedSteps.reduce((sum, step) => sum + step.omitted[member], 0);
  const serverList = [...servers.values()];
  return {
    servers: serverList.slice(0, FETCHED_LIMIT),
    refused: refused.slice(0, FETCHED_LIMIT),
    omitted: {
      servers: sumOmitted('servers') + Math.max(0, serverList.length - FETCHED_LIMIT),
      refused: sumOmitted('refused') + Math.max(0, refused.length - FETCHED_LIMIT),
    },
  };
}

/** Describes the downloads in one sentence. */
export function fetchedText({ servers, refused, omitted }: Downloads): string {
  const bytes = servers.reduce((sum, one) => sum + one.received_bytes, 0);
  const serverNames = listNames(
    servers.map(({ server }) => server),
    servers.length + omitted.servers,
  );
  const fetchText =
    servers.length === 0 ? 'set-up fetched nothing' : `set-up fetched ${bytes} bytes from ${serverNames}`;
  return refused.length === 0
    ? fetchText
    : `${fetchText}; refused: ${listNames(refused, refused.length + omitted.refused)}`;
}

function addUp(one: ServerTraffic, other: ServerTraffic): ServerTraffic {
  return {
    server: one.server,
    connections: one.connections + other.connections,
    received_bytes: one.received_bytes + other.received_bytes,
    sent_bytes: one.sent_bytes + other.sent_bytes,
    first_at: one.first_at < other.first_at ? one.first_at : other.first_at,
    last_at: one.last_at > other.last_at ? one.last_at : other.last_at,
  };
}

function listNames(names: string[], count: number): string {
  const more = count > NAMES_SHOWN ? ` and ${count - NAMES_SHOWN} more` : '';
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more}`;
}
