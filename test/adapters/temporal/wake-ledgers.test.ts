/**
 * Tests the signals to ledgers at the start of a worker. The connection is a fake: a real server cannot fail for one project
 * only.
 */
import type { Client } from '@temporalio/client';
import type { DocumentStore } from '../../../src/ports/documents';
import { wakeLedgers } from '../../../src/adapters/temporal/wake-ledgers';

test('a ledger that cannot be signalled does not stop the others, and the error names it', async () => {
  const asked: string[] = [];
  let allAsked = (): void => undefined;
  const all = new Promise<void>((resolve) => (allAsked = resolve));
  const client = {
    connection: { withDeadline: (_: number, ask: () => Promise<unknown>) => ask() },
    workflowService: { listWorkflowExecutions: async () => ({ executions: [], nextPageToken: new Uint8Array() }) },
    options: { namespace: 'default' },
    workflow: {
      signalWithStart: async (_: unknown, { workflowId }: { workflowId: string }) => {
        asked.push(workflowId);
        if (asked.length === 1) throw new Error('out of time');
        if (asked.length === 2) allAsked();
      },
    },
  } as unknown as Client;
  const documents = { list: async () => ['shop.b1', 'site.b1', 'site.b2'] } as unknown as DocumentStore;
  const failures: Error[] = [];
  const end = wakeLedgers({ client, documents, taskQueue: 'q' }, (error) => failures.push(error as Error));
  await all;
  await end();
  expect(asked).toHaveLength(2);
  expect(failures.map(({ message }) => message)).toEqual(['the ledger of project shop']);
});
