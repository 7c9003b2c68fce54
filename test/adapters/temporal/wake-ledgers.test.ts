/**
 * Tests the signals to ledgers at the start of a worker. The connection is a fake: a real server cannot fail for one project
 * only.
 */
import type { Client } from '@temporalio/client';
import type { DocumentStore } from '../../../src/ports/documents';
import { wakeLedgers } from '../../../src/adapters/temporal/wake-ledgers';

test('a ledger that cannot be signalled does not stop the others, and the error names it', async () => {
  const signalledIds: string[] = [];
  let markAllSignalled = (): void => undefined;
  const allSignalled = new Promise<void>((resolve) => (markAllSignalled = resolve));
  const client = {
    connection: { withDeadline: (_: number, ask: () => Promise<unknown>) => ask() },
    workflowService: { listWorkflowExecutions: async () => ({ executions: [], nextPageToken: new Uint8Array() }) },
    options: { namespace: 'default' },
    workflow: {
      signalWithStart: async (_: unknown, { workflowId }: { workflowId: string }) => {
        signalledIds.push(workflowId);
        if (signalledIds.length === 1) throw new Error('out of time');
        if (signalledIds.length === 2) markAllSignalled();
      },
    },
  } as unknown as Client;
  const documents = { list: async () => ['shop.b1', 'site.b1', 'site.b2'] } as unknown as DocumentStore;
  const failures: Error[] = [];
  const end = wakeLedgers({ client, documents, taskQueue: 'q' }, (error) => failures.push(error as Error));
  await allSignalled;
  await end();
  expect(signalledIds).toHaveLength(2);
  expect(failures.map(({ message }) => message)).toEqual(['the ledger of project shop']);
});
