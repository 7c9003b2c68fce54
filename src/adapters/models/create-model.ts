/**
 * From a fallback chain to a model.
 *
 * What is missing for it is said here, when the program starts, and not at the first call.
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
import type { ModelSettings } from './settings';
import { secretsOf, tuningOf } from './tuning';
import type { ModelTuning } from './tuning';

/** Throws Failure `Model.NotConfigured`, with the way out in its message. */
export function createModel(chain: ModelSpec[], settings: ModelSettings): RoleModel {
  return createModels(settings)(chain);
}

/** What is learned of a model counts for every chain that has it. The function throws as `createModel` does. */
export function createModels(settings: ModelSettings): (chain: ModelSpec[]) => RoleModel {
  const known = new Map<string, RoleModel>();
  const one = (spec: ModelSpec) => {
    const model = known.get(nameOf(spec)) ?? createOne(spec, settings);
    known.set(nameOf(spec), model);
    return model;
  };
  return (chain) => {
    const models = chain.map(one);
    return models.length === 1 && models[0] !== undefined ? models[0] : createChain(models);
  };
}

function createOne(spec: ModelSpec, settings: ModelSettings): RoleModel {
  const { providers, keyFiles = {}, tunings = {}, say, ...limits } = settings;
  const missing = missingVariable(spec.provider, settings);
  if (missing !== undefined)
    throw new Failure(
      'Model.NotConfigured',
      `${nameOf(spec)} is configured, but ${missing} is not set: set it, or choose another MODEL, or set none, and every role waits for \`advance\``,
    );
  const provider = providerOf(spec.provider);
  const access = accessOf(provider, { given: providers[spec.provider], keyFiles });
  const connected = provider.connect(access().values, spec.id);
  if (connected.via === 'itself') return connected.model;
  const tuning = tuningOf(tunings, spec);
  const connect = () => {
    const { values, secrets } = access();
    const connection = provider.connect(values, spec.id) as SdkConnection;
    return { connection: tuned(connection, provider, tuning), secrets: [...secrets, ...secretsOf(tuning)] };
  };
  return createApiModel({ id: nameOf(spec), connect, limits, say });
}

/** The provider's settings as they are now: keys of files are read again where the file was changed. */
function accessOf(
  { settings }: Provider,
  { given, keyFiles }: { given: ProviderValues; keyFiles: NonNullable<ModelSettings['keyFiles']> },
): () => { values: ProviderValues; secrets: string[] } {
  const files = Object.entries(settings).flatMap(([name, { variable }]) => {
    const path = keyFiles[variable];
    return path === undefined ? [] : [[name, createKeyFile(path, variable)] as const];
  });
  return () => {
    const values = { ...given, ...Object.fromEntries(files.map(([name, read]) => [name, read()])) };
    const secrets = Object.entries(settings).flatMap(([name, { kind }]) => (kind === 'secret' && values[name]) || []);
    return { values, secrets };
  };
}

function tuned(connection: SdkConnection, provider: Provider, tuning: ModelTuning): SdkConnection {
  const { effort, extraBody, schemaOptions = {} } = provider;
  const { reasoningEffort, extraBody: extra } = tuning;
  const options = [
    connection.callOptions ?? {},
    reasoningEffort === undefined ? {} : (effort?.(reasoningEffort) ?? {}),
    tuning.form === 'schema' ? schemaOptions : {},
    extra === undefined ? {} : (extraBody?.(extra) ?? {}),
  ];
  const names = new Set(options.flatMap((one) => Object.keys(one)));
  const callOptions = Object.fromEntries(
    [...names].map((name) => [
      name,
      Object.assign({}, ...options.map((one) => one[name])) as Record<string, JSONValue>,
    ]),
  );
  const open: SdkConnection['open'] =
    extraBody === undefined ? (fetch) => connection.open(withExtraBody(fetch, extra)) : connection.open;
  return { ...connection, tuning, callOptions, open };
}
