/**
 * Calls that were paid and gave no answer: counted by call, bounded, and told with the provider's own words.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../domain/failures';
import type { FailureFacts } from '../../domain/failures';
import type { ModelReply } from '../../ports/model';
import type { Deps } from '../deps';

/** As often one call may break off after its answer had begun. */
const PAID_FAILURES = 5;

export async function paidFailures({ documents }: Pick<Deps, 'documents'>, key: string): Promise<number> {
  return (await documents.load('failed-calls', key))?.paid ?? 0;
}

/**
 * The failure to throw: the same one with how many answers to this call were paid so far, or Failure `Model.AnswersLost` once there
 * were too many.
 */
export async function keepPaidFailure(deps: Pick<Deps, 'documents'>, key: string, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure)) return error;
  const before = await paidFailures(deps, key);
  if (error.isPaid !== true) return before === 0 ? error : copyOf(error, { paidCalls: before });
  const paid = before + (error.paidCalls ?? 1);
  await deps.documents.replace('failed-calls', key, { paid });
  if (paid < PAID_FAILURES) return copyOf(error, { paidCalls: paid });
  const message = `${paid} answers to the same call broke off, and each may have been paid (at most ${PAID_FAILURES} are tried); last: ${error.message}`;
  return new Failure('Model.AnswersLost', message, { paidCalls: paid });
}

/** A failure behind an answer: the answer was paid. */
export function withPaid(error: unknown, { calls, usage }: ModelReply): unknown {
  if (!(error instanceof Failure) || calls === 0) return error;
  const { inputTokens, outputTokens } = usage;
  return copyOf(error, { paidCalls: calls, paidTokens: { inputTokens, outputTokens } });
}

function copyOf(error: Failure, more: FailureFacts): Failure {
  const { type, message, retryAfterMs, detail, isPaid } = error;
  return new Failure(type, message, { retryAfterMs, detail, isPaid, ...more });
}

/** What a provider says of an error is for those who run the worker: its log, and an artifact that the line names. */
export async function tellProvidersWords(
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
