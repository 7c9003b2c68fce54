/**
 * Makes the failure of a sandbox that cannot isolate commands. Its message has the way out.
 */
import { Failure } from '../../domain/failures';

export function unavailable(why: string): Failure {
  return new Failure(
    'Sandbox.Unavailable',
    `The sandbox cannot hold commands, so none are run: ${why.replace(/\s+/g, ' ')}.`,
  );
}
