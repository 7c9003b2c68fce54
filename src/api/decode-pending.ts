/**
 * What Temporal tells of running activities, readable: heartbeats and failures of an encrypted build are payloads of the codec.
 */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { isObject } from '../domain/json';
import type { ApiDeps } from './deps';

export type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
type Described = Pick<WorkflowExecutionDescription, 'raw'>;

/** What cannot be decoded is left out: status is answered without it. */
export async function decodePending({ client }: Pick<ApiDeps, 'client'>, { raw }: Described) {
  const pending = raw.pendingActivities ?? [];
  const { payloadCodecs } = client.options.loadedDataConverter;
  if (payloadCodecs.length === 0) return pending;
  const decode = async (given: Payload[]): Promise<Payload[]> => {
    let payloads = given;
    try {
      for (const codec of [...payloadCodecs].reverse()) payloads = await codec.decode(payloads);
      return payloads;
    } catch {
      return [];
    }
  };
  return Promise.all(pending.map((one) => decodeOne(one, decode)));
}

async function decodeOne(
  one: PendingActivity,
  decode: (payloads: Payload[]) => Promise<Payload[]>,
): Promise<PendingActivity> {
  const { heartbeatDetails, lastFailure } = one;
  const payloads = await decode(heartbeatDetails?.payloads ?? []);
  const [attributes] = lastFailure?.encodedAttributes == null ? [] : await decode([lastFailure.encodedAttributes]);
  const message = messageIn(attributes);
  return {
    ...one,
    heartbeatDetails: { payloads },
    ...(lastFailure == null || message === undefined ? {} : { lastFailure: { ...lastFailure, message } }),
  };
}

/** As the SDK's failure converter writes it. */
function messageIn(attributes: Payload | undefined): string | undefined {
  if (attributes?.data == null) return undefined;
  const told: unknown = JSON.parse(Buffer.from(attributes.data).toString('utf8'));
  return isObject(told) && typeof told.message === 'string' ? told.message : undefined;
}
