/**
 * Sends signals with arbitrary bytes, without the SDK's converter, as any client with a connection can.
 */
import type { Payload } from '@temporalio/common';
import type { BuildMemo } from '../../src/workflows/messages';
import { until } from '../fixture';
import type { Run, Stage } from './stage';

export { openStage } from './stage';

export async function sendRaw({ stack }: Stage, { handle }: Run, signalName: string, payloads: Payload[]) {
  await stack.client.workflowService.signalWorkflowExecution({
    namespace: stack.config.temporal.namespace,
    workflowExecution: { workflowId: handle.workflowId },
    signalName,
    input: { payloads },
  });
}

/** The card in the memo once it counts so many refusals, and the memo's size. */
export async function describeRefused({ handle }: Run, count: number) {
  const shown = await until(
    () => handle.describe(),
    ({ memo }) => (memo as BuildMemo | undefined)?.card.refused.count === count,
  );
  return { card: (shown.memo as BuildMemo).card, bytes: memoBytes(shown.raw.workflowExecutionInfo?.memo?.fields) };
}

/** As Temporal counts it: names, encodings and values. */
export function memoBytes(fields: Record<string, Payload> | null | undefined): number {
  return Object.entries(fields ?? {}).reduce(
    (sum, [name, { metadata, data }]) =>
      sum +
      name.length +
      Object.entries(metadata ?? {}).reduce((n, [key, value]) => n + key.length + value.length, 0) +
      (data?.length ?? 0),
    0,
  );
}
