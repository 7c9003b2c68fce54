/**
 * The payload converter of the workflows. It turns a payload that it cannot read into a text, which the handlers then refuse.
 *
 * Any client of the server may send a signal. With the SDK's own converter, a signal in an unknown encoding would fail the workflow
 * task again and again.
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
