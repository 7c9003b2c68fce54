/**
 * What a model provider is: its name, its settings, which of them it cannot do without, and how a model of it is reached.
 *
 * Types only. The providers themselves are in `providers/`; the programs derive settings and messages from them.
 */
import type { JSONValue, LanguageModel, SystemModelMessage } from 'ai';
import type { RoleModel } from '../../ports/model';
import type { ArgumentsPiece } from './call-arguments';
import type { ModelTuning } from './tuning';
import type { Limits } from './wire-schema';

export type Fetch = typeof globalThis.fetch;
/** By provider, as the AI SDK takes them. */
type SdkOptions = NonNullable<SystemModelMessage['providerOptions']>;

/** One environment variable of a provider. Unset is always right here; `needs` says which one must be set. */
export interface ProviderSetting {
  variable: string;
  /** A `secret` is never shown; a `url` starts with http:// or https://. */
  kind: 'secret' | 'url' | 'text';
  description: string;
}
export type ProviderSettings = Readonly<Record<string, ProviderSetting>>;

export type ProviderValues<S extends ProviderSettings = ProviderSettings, Needed extends keyof S = never> = {
  readonly [Name in keyof S]: Name extends Needed ? string : string | undefined;
};

/** A model that answers by itself, or one that the AI SDK asks over HTTP. */
export type Connection = { via: 'itself'; model: RoleModel } | SdkConnection;
export interface SdkConnection {
  via: 'sdk';
  /** Asks over a `fetch` of the call's own, which watches time and bytes. */
  open(fetch: Fetch): LanguageModel;
  /** Options of the provider for every call. */
  callOptions?: SdkOptions;
  /** Output tokens to ask for where the settings name no number and the SDK's own would be too few. */
  leastOutputTokens?: number | undefined;
  /** How limits of a schema go out; in words, if not given. */
  limits?: Limits;
  /** What ids of tool calls must look like, where the provider is stricter than others. */
  callIds?: RegExp;
  /** What a piece of the answer holds of the arguments of calls, where the SDK gives `{}` for those that it cannot read. */
  argumentsIn?(piece: unknown): ArgumentsPiece[];
  /** Moves what the SDK reads of its own part under another name than it writes. */
  restore?(part: Record<string, unknown>): Record<string, unknown>;
  tuning?: ModelTuning;
  /** Put on the system prompt and the last message: up to there the provider may read the request from its cache. */
  cacheOptions?: SdkOptions;
}

/** A provider as the programs see it: what `defineProvider` was given, checked. */
export interface Provider<Name extends string = string, S extends ProviderSettings = ProviderSettings> {
  /** What stands before the colon of a model's name. */
  readonly name: Name;
  /** What stands behind it. */
  readonly asks: 'id' | 'file';
  readonly settings: S;
  /** The setting without which no model of this provider can be reached; null where it needs none. */
  readonly needs: (keyof S & string) | null;
  /** Options of a call with this effort of reasoning; without it the setting has no effect. */
  effort?(effort: string): SdkOptions;
  /** Options where the settings choose the form `schema`, and the SDK would not ask for it by itself. */
  schemaOptions?: SdkOptions;
  /** Options that carry members for the body; without it they are laid over the request on its way. */
  extraBody?(body: Readonly<Record<string, JSONValue>>): SdkOptions;
  /** `values`: those that `needs` names are set. */
  connect(values: ProviderValues<S>, id: string): Connection;
}

interface Definition<Name extends string, S extends ProviderSettings, Needed extends keyof S & string> extends Omit<
  Provider<Name, S>,
  'needs' | 'connect'
> {
  readonly needs: Needed | null;
  /**
   * `id`: what stood behind the colon. Throws Failure `Model.NotConfigured` where it names nothing.
   *
   * Loads the provider's SDK itself, so that a program that only reads the settings does not load it.
   */
  connect(values: ProviderValues<S, Needed>, id: string): Connection;
}

/** Checks a provider against its own settings, and gives `connect` their names. */
export function defineProvider<
  const Name extends string,
  const S extends ProviderSettings,
  const Needed extends keyof S & string = never,
>(provider: Definition<Name, S, Needed>): Provider<Name, S> {
  // `createModel` calls `connect` only where the needed setting is set.
  return provider as Provider<Name, S>;
}
