/**
 * Combines several models into a fallback chain: if one model fails, the next is called.
 *
 * The chain returns an unusable answer like any other. The caller then asks again, and starts at another link if that fails, too.
 */
import { Failure, isRetryable } from '../../domain/failures';
import type { ModelReply, ModelRequest, RoleModel } from '../../ports/model';
import { withLostCalls } from './usage';

/** The reply names its link. If every link fails, `call` throws the most hopeful failure (see `mostHopeful`). */
export function createChain(models: RoleModel[]): RoleModel {
  return {
    id: models.map((model) => model.id).join(','),
    // One scripted link marks the whole chain, so that scripted answers are never taken for a model's.
    scripted: models.some((model) => model.scripted),
    links: models.length,
    /** The smallest window of all links, so that every link accepts the request. */
    get windowChars() {
      const known = models.flatMap(({ windowChars }) => windowChars ?? []);
      return known.length === 0 ? undefined : Math.min(...known);
    },
    call: (request) => askFrom(models, request),
  };
}

async function askFrom(models: RoleModel[], request: ModelRequest): Promise<ModelReply> {
  const failures: Failure[] = [];
  const links = linksInOrder(models, request);
  for (const [index, model] of links) {
    const hasNext = links.at(-1)?.[1] !== model;
    try {
      const reply = await model.call(hasNext ? { ...request, hasNext } : request);
      return withLostCalls({ ...reply, link: index }, paidCallsOf(failures));
    } catch (error) {
      request.signal.throwIfAborted();
      if (!isModelFailure(error)) throw error;
      failures.push(error);
    }
  }
  throw failureOfAll(failures);
}

function linksInOrder(models: RoleModel[], { link = 0, lastLink }: ModelRequest): Array<[number, RoleModel]> {
  // An operator may have shortened the chain since the build began.
  const start = Math.min(link, models.length - 1);
  const candidates = [...models.entries()].filter(([index]) => index >= start);
  return [...candidates.filter(([index]) => index === lastLink), ...candidates.filter(([index]) => index !== lastLink)];
}

function failureOfAll(failures: Failure[]): Failure {
  const failure = mostHopeful(failures);
  if (failure === undefined) return new Failure('Model.NotConfigured', 'a fallback chain needs at least one model');
  const lostCalls = paidCallsOf(failures);
  if (lostCalls === 0) return failure;
  // For a single paid call `isPaid` is enough, as in the failure of a single model.
  return failure.with({ isPaid: true, paidCalls: lostCalls > 1 ? lostCalls : undefined });
}

/**
 * Chooses the failure to throw. First `Model.ContextTooLong`, because the caller shortens the request at once; then the retryable
 * failure with the shortest wait; then the last failure.
 */
function mostHopeful(failures: Failure[]): Failure | undefined {
  const tooLong = failures.find(({ type }) => type === 'Model.ContextTooLong');
  const [soonest] = failures
    .filter(({ type }) => isRetryable(type))
    .sort((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0));
  return tooLong ?? soonest ?? failures.at(-1);
}

function paidCallsOf(failures: Failure[]): number {
  return failures.reduce((sum, { isPaid, paidCalls = 1 }) => sum + (isPaid === true ? paidCalls : 0), 0);
}

/** True also for terminal failures: another provider may accept a request that this one refuses, or may have the key. */
function isModelFailure(error: unknown): error is Failure {
  return error instanceof Failure && error.type.startsWith('Model.');
}
