/**
 * Creates a model from a fallback chain.
 *
 * It throws when the program starts if a setting is missing, instead of at the first call.
 */
import type { JSONValue } from 'ai';
import { Failure } from '../../domain/failures';
import type { RoleModel } from '../../ports/model';
import { createApiModel } from './api-model';
import { createChain } from './chain';
import { withExtraBody } from './extra-body';
import { createKeyFile } from './keys';
import { nameOf } from './model-spec';
import type { ModelSpec } from './model-spec';
import type { Provider, ProviderValues, SdkConnection } from './provider';
import { missingVariable, providerOf } from './providers';
import { createRoutes } from './routing';
import type { Route } from './routing';
import type { ModelSettings } from './settings';
import { secretsOf, tuningOf } from './tuning';
import type { ModelTuning } from './tuning';

/** Throws Failure `Model.NotConfigured`; its message says what to set. */
export function createModel(chain: ModelSpec[], settings: ModelSettings): RoleModel {
  return createModels(settings)(chain);
}

/**
 * Returns a function that creates models and throws as `createModel` does. Chains share their models, so what a model learns about
 * its server is used in every chain.
 */
export function createModels(settings: ModelSettings): (chain: ModelSpec[]) => RoleModel {
  const modelsByName = new Map<string, RoleModel>();
  const routeOf = createRoutes(settings);
  const modelOf = (spec: ModelSpec) => {
    const model = modelsByName.get(nameOf(spec)) ?? createSingle(spec, { settings, route: routeOf(spec) });
    modelsByName.set(nameOf(spec), model);
    return model;
  };
  return (chain) => {
    const models = chain.map(modelOf);
    return models.length === 1 && models[0] !== undefined ? models[0] : createChain(models);
  };
}

function createSingle(spec: ModelSpec, { settings, route }: { settings: ModelSettings; route: Route }): RoleModel {
  const { providers, keyFiles = {}, tunings = {}, say, ...limits } = settings;
  const missingName = missingVariable(spec.provider, settings);
  if (missingName !== undefined)
    throw new Failure(
      'Model.NotConfigured',
      `${nameOf(spec)} is configured, but ${missingName} is not set: set it, or choose another MODEL, or set none, and every role waits for \`advance\``,
    );
  const provider = providerOf(spec.provider);
  const readAccess = createAccessReader(provider, { values: providers[spec.provider], keyFiles });
  const firstConnection = provider.connect(readAccess().values, spec.id);
  if (firstConnection.via === 'itself') return firstConnection.model;
  const tuning = tuningOf(tunings, spec);
  const connect = () => {
    const { values, secrets } = readAccess();
    const connection = provider.connect(values, spec.id) as SdkConnection;
    return { connection: withTuning(connection, provider, tuning), secrets: [...secrets, ...secretsOf(tuning)] };
  };
  return createApiModel({ id: nameOf(spec), connect, limits, route, say });
}

/** Returns a function that reads the provider's current settings: a changed key file is read again. */
function createAccessReader(
  { settings }: Provider,
  { values: fixed, keyFiles }: { values: ProviderValues; keyFiles: NonNullable<ModelSettings['keyFiles']> },
): () => { values: ProviderValues; secrets: string[] } {
  const files = Object.entries(settings).flatMap(([name, { variable }]) => {
    const path = keyFiles[variable];
    return path === undefined ? [] : [[name, createKeyFile(path, variable)] as const];
  });
  return () => {
    const values = { ...fixed, ...Object.fromEntries(files.map(([name, read]) => [name, read()])) };
    const secrets = Object.entries(settings).flatMap(([name, { kind }]) => (kind === 'secret' && values[name]) || []);
    return { values, secrets };
  };
}

function withTuning(connection: SdkConnection, provider: Provider, tuning: ModelTuning): SdkConnection {
  const { effort, extraBody, schemaOptions = {} } = provider;
  const { reasoningEffort, extraBody: extraMembers } = tuning;
  const options = [
    connection.callOptions ?? {},
    reasoningEffort === undefined ? {} : (effort?.(reasoningEffort) ?? {}),
    tuning.form === 'schema' ? schemaOptions : {},
    extraMembers === undefined ? {} : (extraBody?.(extraMembers) ?? {}),
  ];
  const names = new Set(options.flatMap((group) => Object.keys(group)));
  const callOptions = Object.fromEntries(
    [...names].map((name) => [
      name,
      Object.assign({}, ...options.map((group) => group[name])) as Record<string, JSONValue>,
    ]),
  );
  const open: SdkConnection['open'] =
    extraBody === undefined ? (fetch) => connection.open(withExtraBody(fetch, extraMembers)) : connection.open;
  return { ...connection, tuning, callOptions, open };
}
