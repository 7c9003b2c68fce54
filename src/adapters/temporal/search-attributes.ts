/**
 * How a server gets to know what builds can be searched by. The list of it is `workflows/attributes.ts`.
 */
import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../workflows/attributes';
import type { SearchAttributeName } from '../../workflows/attributes';

/** IndexedValueType of the Temporal API. */
const TYPE_NUMBER = { Keyword: 2, Int: 3 } as const;

/**
 * Registers what the server does not know yet. Where that is not allowed (Temporal Cloud, a locked-down
 * cluster) the missing names come back with one warning line, and builds run without them.
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
    await connection.withDeadline(Date.now() + 5_000, () =>
      connection.operatorService.addSearchAttributes({ namespace, searchAttributes }),
    );
    return { missing: [] };
  } catch {
    log(`search attributes are missing, builds run without them; to add them: ${createCommand(missing, namespace)}`);
    return { missing };
  }
}

/** For a client that may be there before its server is: true where the server knows them all; rejects while it is away. */
export function learnSearchAttributes(input: Parameters<typeof ensureSearchAttributes>[0]): () => Promise<boolean> {
  const { connection, namespace } = input;
  return askUntilAnswered(async () => {
    // Tells a server that is away from one that does not let us look.
    await connection.withDeadline(Date.now() + 5_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return (await ensureSearchAttributes(input)).missing.length === 0;
  });
}

/** The first answer is kept, a failure is not; those who ask at the same time ask once. */
export function askUntilAnswered<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    }));
}

/** The same by hand. */
export function createCommand(names: readonly SearchAttributeName[], namespace: string): string {
  const pairs = names.map((name) => `--name ${name} --type ${SEARCH_ATTRIBUTES[name].type}`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${pairs}`;
}

async function listMissing(connection: Connection, namespace: string): Promise<SearchAttributeName[]> {
  const names = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + 5_000, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    return names.filter((name) => !(name in (customAttributes ?? {})));
  } catch {
    // A server that does not even let us look: as good as none of them.
    return names;
  }
}
