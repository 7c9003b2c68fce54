/**
 * Several models as one: the next is asked where one fails.
 *
 * An answer that cannot be used is the caller's to answer: it asks again, and from another link where that does not help.
 */
import { Failure } from '../../domain/failures';
import type { ModelReply, ModelRequest, RoleModel } from '../../ports/model';
import { paid } from './failure-table';

/** The reply says which link gave it. Where all fail: the one that asks for the shortest wait, else the last. */
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
  // The chain may have become shorter since the build began.
  const start = Math.min(request.link ?? 0, models.length - 1);
  for (const [index, model] of models.entries()) {
    if (index < start) continue;
    try {
      return withPaid({ ...(await model.call(request)), link: index }, failures);
    } catch (error) {
      request.signal.throwIfAborted();
      if (!isOfTheModel(error)) throw error;
      failures.push(error);
    }
  }
  throw failureOfAll(failures);
}

/** Answers that broke off before this one are counted with it; what they used is unknown. */
function withPaid(reply: ModelReply, failures: Failure[]): ModelReply {
  const lost = failures.filter(({ isPaid }) => isPaid).length;
  if (lost === 0) return reply;
  return { ...reply, calls: reply.calls + lost, usage: { inputTokens: null, outputTokens: null } };
}

function failureOfAll(failures: Failure[]): Failure {
  const waits = failures.filter(({ type }) => type === 'Model.RateLimited');
  const [shortest] = waits.sort((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0));
  const failure = shortest ?? failures.at(-1);
  if (failure === undefined) return new Failure('Model.NotConfigured', 'a fallback chain needs at least one model');
  return failures.some(({ isPaid }) => isPaid) && !failure.isPaid ? paid(failure) : failure;
}

/** Even a terminal one: what one provider refuses, lacks a key for or cannot hold, another may take. */
function isOfTheModel(error: unknown): error is Failure {
  return error instanceof Failure && error.type.startsWith('Model.');
}
