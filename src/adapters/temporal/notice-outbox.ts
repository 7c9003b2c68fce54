/**
 * Hands notices to the workflow that sends those of a project, by signals; the first one starts the workflow.
 */
import type { Client } from '@temporalio/client';
import { HANDED_LIMIT } from '../../domain/notices/outbox-input';
import type { NoticeOutbox, NoticeProofs } from '../../ports/notifier';
import { NOTICES_WORKFLOW, handNoticesSignal, noticesOptions } from '../../workflows/messages';

const TIMEOUT_MS = 8_000;

interface OutboxOptions {
  client: Client;
  taskQueue: string;
  proofs: NoticeProofs;
}

export function createNoticeOutbox({ client, taskQueue, proofs }: OutboxOptions): NoticeOutbox {
  return {
    async hand(projectId, given) {
      for (let from = 0; from < given.length; from += HANDED_LIMIT) {
        const deliveries = given.slice(from, from + HANDED_LIMIT);
        const handed = { deliveries, proof: await proofs.prove(projectId, deliveries) };
        await client.connection.withDeadline(Date.now() + TIMEOUT_MS, () =>
          client.workflow.signalWithStart(NOTICES_WORKFLOW, {
            ...noticesOptions(projectId, taskQueue),
            ...{ signal: handNoticesSignal, signalArgs: [handed] as [typeof handed] },
          }),
        );
      }
    },
  };
}
