/**
 * Counts model calls that were paid for and gave no complete answer, limits them, and logs the provider's error message.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../domain/failures';
import type { ModelReply } from '../../ports/model';
import type { Deps } from '../deps';

/** How many times one call may be paid for without a complete answer. */
const MAX_PAID_FAILURES = 5;

export async function paidIncompleteAnswers({ documents }: Pick<Deps, 'documents'>, key: string): Promise<number> {
  return (await documents.load('failed-calls', key))?.paid ?? 0;
}

/**
 * Gives the failure to throw: the same failure with the number of paid answers to this call so far, or Failure `Model.AnswersLost`
 * when the limit is reached.
 */
export async function keepPaidFailure(deps: Pick<Deps, 'documents'>, key: string, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure)) return error;
  const paidBefore = await paidIncompleteAnswers(deps, key);
  if (error.isPaid !== true) return paidBefore === 0 ? error : error.with({ paidCalls: paidBefore });
  const paid = paidBefore + (error.paidCalls ?? 1);
  await deps.documents.replace('failed-calls', key, { paid });
  if (paid < MAX_PAID_FAILURES) return error.with({ paidCalls: paid });
  const message = `${paid} answers to the same call broke off, and each may have been paid (the limit is ${MAX_PAID_FAILURES}); the last one: ${error.message}`;
  return new Failure('Model.AnswersLost', message, { paidCalls: paid });
}

/** Adds the paid answer to a failure that happened after the answer had arrived. */
export function withPaid(error: unknown, { calls, usage }: ModelReply): unknown {
  if (!(error instanceof Failure) || calls === 0) return error;
  const { inputTokens, outputTokens } = usage;
  return error.with({ paidCalls: calls, paidTokens: { inputTokens, outputTokens } });
}

/** Writes the provider's error message for operators: into an artifact, and into a line of the worker's log that names it. */
export async function logProviderError(
  { artifacts }: Pick<Deps, 'artifacts'>,
  key: string,
  error: unknown,
): Promise<void> {
  if (!(error instanceof Failure) || error.detail === undefined) return;
  const { digest } = await artifacts.put(
    JSON.stringify({ call: key, type: error.type, message: error.message, provider: error.detail }),
  );
  Context.current().log.warn(`${error.message}: ${error.detail}`, { call: key, type: error.type, artifact: digest });
}
