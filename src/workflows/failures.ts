/**
 * The failure converter for encrypted payloads: it puts messages and stack traces into a payload, which the codec encrypts.
 */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
