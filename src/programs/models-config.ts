/**
 * Reads the settings of models: chains by role, access to providers, key files, settings of single models.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileVariable } from '../adapters/models/keys';
import { nameOf } from '../adapters/models/model-spec';
import type { ModelSpec } from '../adapters/models/model-spec';
import type { ProviderSetting } from '../adapters/models/provider';
import { missingVariable, PROVIDERS } from '../adapters/models/providers';
import type { ProviderAccess } from '../adapters/models/providers';
import type { ModelSettings } from '../adapters/models/settings';
import { readTunings } from '../adapters/models/tuning';
import type { ModelTunings } from '../adapters/models/tuning';
import { ROLES, type Role } from '../domain/roles';
import { ConfigError } from './config-error';
import { roleModelName, strongerModelName } from './model-settings';
import type { SettingName, SettingValues } from './settings';

export interface ModelsConfig extends ModelSettings {
  /** A fallback chain for each role that has a model. */
  chains: Partial<Record<Role, ModelSpec[]>>;
  /** The chain of each role's stronger model, for roles that have one. */
  strongerChains: Partial<Record<Role, ModelSpec[]>>;
}

export function readModels(values: SettingValues): ModelsConfig {
  const access = { providers: readProviders(values), keyFiles: readKeyFiles(values) };
  const chainsBy = (ofRole: (role: Role) => SettingName, ofAll: SettingName): ModelsConfig['chains'] => {
    const chains: ModelsConfig['chains'] = {};
    for (const role of ROLES) {
      const setting = values[ofRole(role)] === undefined ? ofAll : ofRole(role);
      const chain = values[setting] as ModelSpec[] | undefined;
      if (chain === undefined) continue;
      refuseWithoutAccess({ setting, chain, access });
      chains[role] = chain;
    }
    return chains;
  };
  return {
    chains: chainsBy(roleModelName, 'MODEL'),
    strongerChains: chainsBy(strongerModelName, 'MODEL_STRONGER'),
    ...access,
    tunings: readModelSettings(values.MODEL_SETTINGS),
    timeoutMs: values.MODEL_TIMEOUT_S * 1000,
    idleTimeoutMs: values.MODEL_IDLE_TIMEOUT_S * 1000,
    maxBytes: values.MODEL_MAX_BYTES,
    breaker: { failures: values.MODEL_BREAKER_FAILURES, openMs: values.MODEL_BREAKER_OPEN_S * 1000 },
    pace: { callsPerMinute: values.MODEL_CALLS_PER_MINUTE, tokensPerMinute: values.MODEL_TOKENS_PER_MINUTE },
  };
}

function readProviders(values: SettingValues): ProviderAccess {
  const given: Partial<Record<string, unknown>> = values;
  const accessByProvider = PROVIDERS.map(({ name, settings }) => {
    const ownSettings = Object.entries(settings).map(([key, { variable }]) => [key, given[variable]]);
    return [name, Object.fromEntries(ownSettings)];
  });
  return Object.fromEntries(accessByProvider) as ProviderAccess;
}

/** Gives the paths of key files by the variable of the key. */
function readKeyFiles(values: SettingValues): Record<string, string> {
  const given: Partial<Record<string, unknown>> = values;
  const secrets = PROVIDERS.flatMap(({ settings }) => Object.values<ProviderSetting>(settings)).filter(
    ({ kind }) => kind === 'secret',
  );
  const files = secrets.flatMap(({ variable }) => {
    const path = given[fileVariable(variable)];
    return typeof path === 'string' ? [[variable, readableFile(fileVariable(variable), path)] as const] : [];
  });
  return Object.fromEntries(files);
}

function readableFile(setting: string, path: string): string {
  const file = resolve(path);
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch {
    throw new ConfigError(`${setting}="${path}" is wrong: the file cannot be read`);
  }
}

function readModelSettings(path: string | undefined): ModelTunings {
  if (path === undefined) return {};
  const result = readTunings(readFileSync(readableFile('MODEL_SETTINGS', path), 'utf8'));
  if ('tunings' in result) return result.tunings;
  throw new ConfigError(`MODEL_SETTINGS="${path}" is wrong: ${result.wrong}`);
}

type Access = Pick<ModelSettings, 'providers' | 'keyFiles'>;

/** Refuses a model without access at the start, not when the first build calls it. */
function refuseWithoutAccess(input: { setting: string; chain: ModelSpec[]; access: Access }): void {
  for (const spec of input.chain) {
    const missing = missingVariable(spec.provider, input.access);
    if (missing !== undefined)
      throw new ConfigError(`${input.setting}="${nameOf(spec)}" is wrong: it needs ${missing}, which is not set`);
  }
}
