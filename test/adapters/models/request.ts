/**
 * Makes a model request as the activities do, with the changes of a test.
 */
import { z } from 'zod';
import type { ModelReply, ModelRequest } from '../../../src/ports/model';
import { Failure } from '../../../src/domain/failures';

export const greetingSchema = z.object({ greeting: z.string().min(1).max(40), count: z.number().int() });
export const GREETING = { greeting: 'good morning', count: 2 };

export function aRequest(changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    role: 'q_assistant',
    phase: 'discovery',
    generation: 1,
    attempt: 1,
    step: 1,
    system: 'You greet people.',
    messages: [{ from: 'user', text: 'Greet twice.' }],
    schema: greetingSchema,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** Returns the failure of a call that must fail. */
export async function failureOfCall(call: Promise<ModelReply>): Promise<Failure> {
  const outcome = await call.then(
    (reply) => reply,
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome;
  throw new Error(`expected a Failure, got ${JSON.stringify(outcome)} ${String(outcome)}`);
}
