/**
 * Several models as one: the next is asked where one fails.
 *
 * An answer that cannot be used is the caller's to answer: it asks again, and from another link where that does not help.
 */
import { Failure, isRetryable } from '../../domain/failures';
import type { ModelReply, ModelRequest, RoleModel } from '../../ports/model';
import { withLost } from './usage';

/** The reply says which link gave it. Where all fail: a request that is too long, else what can be tried again soonest, else the last. */
export function createChain(models: RoleModel[]): RoleModel {
  return {
    id: models.map((model) => model.id).join(','),
    // One scripted link is enough to say so: nobody may take a file for a model.
    scripted: models.some((model) => model.scripted),
    links: models.length,
    /** What any link can be sent. */
    get windowChars() {
      const known = models.flatMap(({ windowChars }) => windowChars ?? []);
      return known.length === 0 ? undefined : Math.min(...known);
    },
    call: (request) => askFrom(models, request),
  };
}

async function askFrom(models: RoleModel[], request: ModelRequest): Promise<ModelReply> {
  const failures: Failure[] = [];
  for (const [index, model] of inOrder(models, request)) {
    try {
      return withLost({ ...(await model.call(request)), link: index }, paidCallsOf(failures));
    } catch (error) {
      request.signal.throwIfAborted();
      if (!isOfTheModel(error)) throw error;
      failures.push(error);
    }
  }
  throw failureOfAll(failures);
}

function inOrder(models: RoleModel[], { link = 0, lastLink }: ModelRequest): Array<[number, RoleModel]> {
  // The chain may have become shorter since the build began.
  const start = Math.min(link, models.length - 1);
  const asked = [...models.entries()].filter(([index]) => index >= start);
  return [...asked.filter(([index]) => index === lastLink), ...asked.filter(([index]) => index !== lastLink)];
}

function failureOfAll(failures: Failure[]): Failure {
  const failure = mostHopeful(failures);
  if (failure === undefined) return new Failure('Model.NotConfigured', 'a fallback chain needs at least one model');
  const lost = paidCallsOf(failures);
  if (lost === 0) return failure;
  const { type, message, retryAfterMs, detail } = failure;
  // One is said by `isPaid` alone, as of a single model.
  return new Failure(type, message, { retryAfterMs, detail, isPaid: true, ...(lost > 1 ? { paidCalls: lost } : {}) });
}

/**
 * A request that is too long is made shorter by the caller, at once. Else the failure that can be tried again soonest: a wait
 * of days counts only where every link that may answer at all asks for one.
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

/** Even a terminal one: what one provider refuses, lacks a key for or cannot hold, another may take. */
function isOfTheModel(error: unknown): error is Failure {
  return error instanceof Failure && error.type.startsWith('Model.');
}
