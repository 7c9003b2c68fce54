/**
 * The failure converter where payloads are encrypted: messages and stack traces go into a payload, so that the codec sees them.
 */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
