/**
 * The settings of models, a part of the list in settings.ts. The settings of a provider are derived from its table.
 */
import { z } from 'zod';
import { fileVariable } from '../adapters/models/keys';
import { CHAIN_PATTERN, MODEL_FORMS, readChain } from '../adapters/models/model-spec';
import { PROVIDERS } from '../adapters/models/providers';
import type { ProviderVariable } from '../adapters/models/providers';
import type { ProviderSetting } from '../adapters/models/provider';
import { ROLES, ROLE_TITLE, type Role } from '../domain/roles';
import { file, number, secret, text, url } from './setting-forms';

const model = {
  schema: z.string().regex(CHAIN_PATTERN).transform(readChain),
  rightForm: `${MODEL_FORMS}, or several with commas between (a fallback chain)`,
};

const KINDS = { secret, url, text } satisfies Record<ProviderSetting['kind'], object>;
const BY_PROVIDER = PROVIDERS.flatMap(({ settings }): ProviderSetting[] => Object.values(settings));

/** The settings of the providers, sorted by kind: first all keys, then all addresses. */
const ACCESS = Object.fromEntries(
  Object.entries(KINDS).flatMap(([kind, form]) =>
    BY_PROVIDER.filter((setting) => setting.kind === kind).map((setting) => [
      setting.variable,
      { ...form, description: setting.description },
    ]),
  ),
) as Record<ProviderVariable, { schema: z.ZodType<string>; rightForm: string; description: string; secret?: true }>;

/** For each key of a provider, a setting that names a file with the key. A changed file is read again, so that a key can be rotated. */
const KEY_FILES = Object.fromEntries(
  BY_PROVIDER.filter(({ kind }) => kind === 'secret').map(({ variable }) => [
    fileVariable(variable),
    { ...file, description: `A file with ${variable}, read again whenever it was changed.` },
  ]),
) as Record<`${ProviderVariable}_FILE`, typeof file & { description: string }>;

export const MODELS = {
  MODEL: { ...model, description: 'Model of every role; without one, roles are driven from outside.' },
  MODEL_STRONGER: {
    ...model,
    description: 'Stronger model of every role, for a build that is stuck; without one, none.',
  },
  ...ACCESS,
  ...KEY_FILES,
  MODEL_SETTINGS: { ...file, description: 'Settings of single models, a JSON file: see the README.' },
  MODEL_TIMEOUT_S: { ...number(1, 86_400), default: '600', description: 'Longest time for one model call.' },
  MODEL_IDLE_TIMEOUT_S: { ...number(1, 86_400), default: '120', description: 'Longest silence within a model call.' },
  MODEL_BREAKER_FAILURES: {
    ...number(1, 1_000),
    default: '5',
    description: 'Failures of a provider in a row after which it is not called for a while.',
  },
  MODEL_BREAKER_OPEN_S: {
    ...number(1, 600),
    default: '30',
    description: 'How long it is not called then; each further failure doubles the time, up to 10 minutes.',
  },
  MODEL_CALLS_PER_MINUTE: {
    ...number(1, 1_000_000),
    description: 'Most calls to one provider in a minute, from each worker; MODEL_SETTINGS may set others.',
  },
  MODEL_TOKENS_PER_MINUTE: {
    ...number(1_000, 1_000_000_000),
    description: 'Most tokens to and from one provider in a minute, from each worker; MODEL_SETTINGS may set others.',
  },
  MODEL_MAX_BYTES: { ...number(1_000, 1e9), default: '10000000', description: 'Longest answer of a model, in bytes.' },
} as const;

export type RoleModelName = `MODEL_${Uppercase<Role>}`;

export function roleModelName(role: Role): RoleModelName {
  return `MODEL_${role.toUpperCase() as Uppercase<Role>}`;
}

export type StrongerModelName = `${RoleModelName}_STRONGER`;

export function strongerModelName(role: Role): StrongerModelName {
  return `${roleModelName(role)}_STRONGER`;
}

export const STRONGER_MODELS = Object.fromEntries(
  ROLES.map((role) => [
    strongerModelName(role),
    { ...model, description: `Stronger model of the ${ROLE_TITLE[role]}, for a build that is stuck.` },
  ]),
) as Record<StrongerModelName, typeof model & { description: string }>;

export const ROLE_MODELS = Object.fromEntries(
  ROLES.map((role) => [roleModelName(role), { ...model, description: `Model of the ${ROLE_TITLE[role]}.` }]),
) as Record<RoleModelName, typeof model & { description: string }>;
