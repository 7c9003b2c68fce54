/**
 * Calls that were paid and gave no answer: counted by call, bounded, and told with the provider's own words.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../domain/failures';
import type { Deps } from '../deps';

/** As often one call may break off after its answer had begun. */
const PAID_FAILURES = 5;

export async function paidFailures({ documents }: Pick<Deps, 'documents'>, key: string): Promise<number> {
  return (await documents.load('failed-calls', key))?.paid ?? 0;
}

/** The failure to throw: the same one, or Failure `Model.AnswersLost` once too many were paid. */
export async function keepPaidFailure(deps: Pick<Deps, 'documents'>, key: string, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || error.isPaid !== true) return error;
  const paid = (await paidFailures(deps, key)) + 1;
  await deps.documents.replace('failed-calls', key, { paid });
  if (paid < PAID_FAILURES) return error;
  const message = `${paid} answers to the same call broke off, and each may have been paid (at most ${PAID_FAILURES} are tried); last: ${error.message}`;
  return new Failure('Model.AnswersLost', message, { paidCalls: paid });
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
