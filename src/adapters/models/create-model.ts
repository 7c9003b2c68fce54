/**
 * From a model's configured name to a model: `anthropic:<id>`, `openai:<id>`, `compatible:<id>`, `scripted:<file>`.
 *
 * A comma makes a fallback chain. What is missing is said here, when the program starts, and not at the first call.
 */
import { Failure } from '../../domain/failures';
import type { RoleModel } from '../../ports/model';
import { createApiModel } from './api-model';
import { createChain } from './chain';
import { PROVIDERS } from './providers';
import { createScriptedModel } from './scripted';
import type { ModelSettings } from './settings';

/** Throws Failure `Model.NotConfigured`, with the way out in its message. */
export function createModel(spec: string, settings: ModelSettings): RoleModel {
  const models = spec.split(',').map((name) => createOne(name.trim(), settings));
  return models.length === 1 && models[0] !== undefined ? models[0] : createChain(models);
}

function createOne(name: string, settings: ModelSettings): RoleModel {
  // At the first colon only: ids may have some of their own ("compatible:llama3:8b").
  const colon = name.indexOf(':');
  const provider = name.slice(0, Math.max(colon, 0));
  const id = name.slice(colon + 1).trim();
  if (id === '' || (provider !== 'scripted' && !Object.hasOwn(PROVIDERS, provider)))
    throw new Failure(
      'Model.NotConfigured',
      `"${name}" names no model: write anthropic:<id>, openai:<id>, compatible:<id> or scripted:<file>, several of them with a comma between`,
    );
  if (provider === 'scripted') return createScriptedModel(id);
  const connect = PROVIDERS[provider as keyof typeof PROVIDERS](id, settings);
  return createApiModel({ id: name, connect, settings });
}
