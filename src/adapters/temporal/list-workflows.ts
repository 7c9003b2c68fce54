/**
 * Lists workflows by a query to visibility, without decoding their payloads.
 *
 * The SDK's own list decodes each memo, and fails as a whole if one memo was encrypted with a key that the worker no longer has.
 */
import type { Client } from '@temporalio/client';

const PAGE_SIZE = 200;

type Answer = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>;
export type ListedWorkflow = NonNullable<Answer['executions']>[number];

/** Yields the workflows page by page, until the caller stops. Throws the server's error. */
export async function* listWorkflows(client: Client, query: string): AsyncGenerator<ListedWorkflow> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.listWorkflowExecutions({
      ...{ namespace, query, pageSize: PAGE_SIZE, nextPageToken },
    });
    yield* page.executions ?? [];
    nextPageToken = page.nextPageToken ?? new Uint8Array();
  } while (nextPageToken.length > 0);
}

export function idOf({ execution }: ListedWorkflow): string {
  return execution?.workflowId ?? '';
}

/** Decodes a member of the memo; undefined if it is missing or cannot be decoded. */
export async function memoOf({ options }: Client, { memo }: ListedWorkflow, name: string): Promise<unknown> {
  const { payloadCodecs, payloadConverter } = options.loadedDataConverter;
  try {
    let payloads = memo?.fields?.[name] ? [memo.fields[name]] : [];
    for (const codec of [...payloadCodecs].reverse()) payloads = await codec.decode(payloads);
    return payloads[0] && payloadConverter.fromPayload(payloads[0]);
  } catch {
    return undefined;
  }
}
