/**
 * Several models as one: the next is asked where one fails.
 *
 * An answer that does not fit its schema is no reason to change the model: the workflow asks again, with what was wrong.
 */
import { Failure } from '../../domain/failures';
import type { RoleModel } from '../../ports/model';

/** The reply says which model gave it; where all fail, the last failure is thrown. */
export function createChain(models: RoleModel[]): RoleModel {
  return {
    id: models.map((model) => model.id).join(','),
    // One scripted link is enough to say so: nobody may take a file for a model.
    scripted: models.some((model) => model.scripted),
    async call(request) {
      for (const [index, model] of models.entries()) {
        try {
          return await model.call(request);
        } catch (error) {
          request.signal.throwIfAborted();
          if (index === models.length - 1 || !isOfTheModel(error)) throw error;
        }
      }
      throw new Failure('Model.NotConfigured', 'a fallback chain needs at least one model');
    },
  };
}

/** Even a terminal one: what one provider refuses, lacks a key for or cannot hold, another may take. */
function isOfTheModel(error: unknown): boolean {
  return error instanceof Failure && error.type.startsWith('Model.');
}
