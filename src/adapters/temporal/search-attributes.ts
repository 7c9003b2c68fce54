/**
 * Registers the search attributes of builds (listed in `workflows/attributes.ts`) with a Temporal server.
 */
import { setTimeout } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../workflows/attributes';
import type { SearchAttributeName } from '../../workflows/attributes';

const CALL_TIMEOUT_MS = 5_000;
const USABLE_WITHIN_MS = 30_000;
const USABLE_POLL_MS = 250;

/** Values of the enum IndexedValueType of the Temporal API. */
const TYPE_NUMBER = { Keyword: 2, Int: 3, Double: 4 } as const;

/**
 * Registers the attributes that the server lacks. If that is not allowed (Temporal Cloud, a restricted cluster), it logs a warning
 * and returns the missing names; builds run without them.
 */
export async function ensureSearchAttributes(input: {
  connection: Connection;
  namespace: string;
  log: (line: string) => void;
}): Promise<{ missing: SearchAttributeName[] }> {
  const { connection, namespace, log } = input;
  const missing = await listMissing(connection, namespace);
  if (missing.length === 0) return { missing };
  try {
    const searchAttributes = Object.fromEntries(
      missing.map((name) => [name, TYPE_NUMBER[SEARCH_ATTRIBUTES[name].type]]),
    );
    await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
    );
    await untilUsable({ connection, namespace }, missing);
    return { missing: [] };
  } catch {
    log(`search attributes are missing, builds run without them; to add them: ${createCommand(missing, namespace)}`);
    return { missing };
  }
}

/** A server takes some seconds until it accepts workflows with new attributes. Throws if it takes longer than `USABLE_WITHIN_MS`. */
async function untilUsable(
  { connection, namespace }: { connection: Connection; namespace: string },
  names: readonly SearchAttributeName[],
): Promise<void> {
  const query = names.map((name) => `${name} IS NULL`).join(' AND ');
  for (const deadline = Date.now() + USABLE_WITHIN_MS; ;) {
    try {
      await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        connection.workflowService.countWorkflowExecutions({ namespace, query }),
      );
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await setTimeout(USABLE_POLL_MS);
  }
}

/** For a client that may start before its server: resolves to true if the server has all attributes; rejects while it is away. */
export function learnSearchAttributes(input: Parameters<typeof ensureSearchAttributes>[0]): () => Promise<boolean> {
  const { connection, namespace } = input;
  return askUntilAnswered(async () => {
    // This call fails only if the server is away; the list of attributes may also be forbidden.
    await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return (await ensureSearchAttributes(input)).missing.length === 0;
  });
}

/** Caches the first answer of `ask`, but no failure; concurrent callers share one call. */
export function askUntilAnswered<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    }));
}

/** Returns the command by which a person registers the attributes. */
export function createCommand(names: readonly SearchAttributeName[], namespace: string): string {
  const pairs = names.map((name) => `--name ${name} --type ${SEARCH_ATTRIBUTES[name].type}`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${pairs}`;
}

async function listMissing(connection: Connection, namespace: string): Promise<SearchAttributeName[]> {
  const names = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    return names.filter((name) => !(name in (customAttributes ?? {})));
  } catch {
    // The server forbids the list: all attributes count as missing.
    return names;
  }
}
