/**
 * Decodes the running activities that Temporal describes: an encrypted build's heartbeats and failures are encrypted, too.
 */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { isObject } from '../domain/json';
import type { ApiDeps } from './deps';

export type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
type Description = Pick<WorkflowExecutionDescription, 'raw'>;

/** Leaves out what cannot be decoded, so that `status` still gets an answer. */
export async function decodePending({ client }: Pick<ApiDeps, 'client'>, { raw }: Description) {
  const pending = raw.pendingActivities ?? [];
  const { payloadCodecs } = client.options.loadedDataConverter;
  if (payloadCodecs.length === 0) return pending;
  const decode = async (encoded: Payload[]): Promise<Payload[]> => {
    let payloads = encoded;
    try {
      for (const codec of [...payloadCodecs].reverse()) payloads = await codec.decode(payloads);
      return payloads;
    } catch {
      return [];
    }
  };
  return Promise.all(pending.map((activity) => decodeActivity(activity, decode)));
}

async function decodeActivity(
  activity: PendingActivity,
  decode: (payloads: Payload[]) => Promise<Payload[]>,
): Promise<PendingActivity> {
  const { heartbeatDetails, lastFailure } = activity;
  const payloads = await decode(heartbeatDetails?.payloads ?? []);
  const [attributes] = lastFailure?.encodedAttributes == null ? [] : await decode([lastFailure.encodedAttributes]);
  const message = messageIn(attributes);
  return {
    ...activity,
    heartbeatDetails: { payloads },
    ...(lastFailure == null || message === undefined ? {} : { lastFailure: { ...lastFailure, message } }),
  };
}

/** Reads the message from where the SDK's failure converter writes it. */
function messageIn(attributes: Payload | undefined): string | undefined {
  if (attributes?.data == null) return undefined;
  const failure: unknown = JSON.parse(Buffer.from(attributes.data).toString('utf8'));
  return isObject(failure) && typeof failure.message === 'string' ? failure.message : undefined;
}
