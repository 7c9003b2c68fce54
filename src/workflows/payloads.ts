/**
 * The payload converter of the workflows: what cannot be read becomes a value that says so.
 *
 * Anybody may send a signal. With the stock converter one of an unknown encoding fails the workflow task for good.
 */
import { DefaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';

class ForgivingPayloadConverter extends DefaultPayloadConverter {
  override fromPayload<T>(payload: Payload): T {
    try {
      return super.fromPayload<T>(payload);
    } catch {
      return 'unreadable payload: send one JSON object (encoding json/plain)' as T;
    }
  }
}

export const payloadConverter = new ForgivingPayloadConverter();
