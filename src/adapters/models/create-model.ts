/**
 * From a fallback chain to a model.
 *
 * What is missing for it is said here, when the program starts, and not at the first call.
 */
import { Failure } from '../../domain/failures';
import type { RoleModel } from '../../ports/model';
import { createApiModel } from './api-model';
import { createChain } from './chain';
import { nameOf } from './model-spec';
import type { ModelSpec } from './model-spec';
import { missingVariable, providerOf } from './providers';
import type { ModelSettings } from './settings';

/** Throws Failure `Model.NotConfigured`, with the way out in its message. */
export function createModel(chain: ModelSpec[], settings: ModelSettings): RoleModel {
  const models = chain.map((spec) => createOne(spec, settings));
  return models.length === 1 && models[0] !== undefined ? models[0] : createChain(models);
}

function createOne(spec: ModelSpec, settings: ModelSettings): RoleModel {
  const { providers, ...limits } = settings;
  const missing = missingVariable(spec.provider, providers);
  if (missing !== undefined)
    throw new Failure(
      'Model.NotConfigured',
      `${nameOf(spec)} is configured, but ${missing} is not set: set it, or choose another MODEL, or set none, and every role waits for \`advance\``,
    );
  const connection = providerOf(spec.provider).connect(providers[spec.provider], spec.id);
  return connection.via === 'itself' ? connection.model : createApiModel({ id: nameOf(spec), connection, limits });
}
