/**
 * Defines the type of a model provider: its name, its settings, the required setting, and the connection to a model.
 *
 * The providers themselves are in `providers/`. The programs derive settings and messages from them.
 */
import type { JSONValue, LanguageModel, SystemModelMessage } from 'ai';
import type { RoleModel } from '../../ports/model';
import type { ArgumentsPiece } from './call-arguments';
import type { ModelTuning } from './tuning';
import type { LimitStyle } from './wire-schema';

export type Fetch = typeof globalThis.fetch;
/** Options for the AI SDK, by provider. */
type SdkOptions = NonNullable<SystemModelMessage['providerOptions']>;

/** One environment variable of a provider. All are optional, except the one that the provider's `needs` names. */
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

/** A complete model (the scripted one), or a connection that the AI SDK calls over HTTP. */
export type Connection = { via: 'itself'; model: RoleModel } | SdkConnection;
export interface SdkConnection {
  via: 'sdk';
  /** Opens the model with the `fetch` of one call, which limits time and bytes. */
  open(fetch: Fetch): LanguageModel;
  /** Options of the provider for every call. */
  callOptions?: SdkOptions;
  /** Limit of output tokens if the settings have none. Needed only where the default of the SDK is too low. */
  defaultOutputTokens?: number | undefined;
  /** How limits of a schema are sent. Default: `words`. */
  limits?: LimitStyle;
  /** The format of tool call ids, if the provider is stricter than others. */
  callIds?: RegExp;
  /** Reads the raw arguments of tool calls from one stream chunk. Needed where the SDK replaces unreadable arguments with `{}`. */
  argumentsIn?(chunk: unknown): ArgumentsPiece[];
  /** Renames options of a part that the SDK writes under one name and reads under another. */
  restore?(part: Record<string, unknown>): Record<string, unknown>;
  tuning?: ModelTuning;
  /** Options for the system prompt and the last message: the provider may cache the request up to there. */
  cacheOptions?: SdkOptions;
}

/** A provider as the programs see it. `defineProvider` makes it. */
export interface Provider<Name extends string = string, S extends ProviderSettings = ProviderSettings> {
  /** The part of a model's name before the colon. */
  readonly name: Name;
  /** The kind of text after the colon: the provider's id of the model, or the path of a file. */
  readonly nameIs: 'id' | 'file';
  readonly settings: S;
  /** The setting that a model of this provider requires; null: none. */
  readonly needs: (keyof S & string) | null;
  /** Returns the options for an effort of reasoning. If absent, the setting has no effect. */
  effort?(effort: string): SdkOptions;
  /** Options that make the SDK use structured output if the settings choose the form `schema`. */
  schemaOptions?: SdkOptions;
  /** Returns options that add members to the body. If absent, `withExtraBody` adds them to the HTTP request. */
  extraBody?(body: Readonly<Record<string, JSONValue>>): SdkOptions;
  /** `values`: the values of the settings; the one that `needs` names is set. */
  connect(values: ProviderValues<S>, id: string): Connection;
}

interface Definition<Name extends string, S extends ProviderSettings, Needed extends keyof S & string> extends Omit<
  Provider<Name, S>,
  'needs' | 'connect'
> {
  readonly needs: Needed | null;
  /**
   * `id`: the text after the colon. Throws Failure `Model.NotConfigured` if a setting or the file is missing.
   *
   * It loads the provider's SDK, so that a program that only reads the settings does not load it.
   */
  connect(values: ProviderValues<S, Needed>, id: string): Connection;
}

/** Checks at compile time that `needs` names a setting of the provider, and types the values of `connect`. */
export function defineProvider<
  const Name extends string,
  const S extends ProviderSettings,
  const Needed extends keyof S & string = never,
>(provider: Definition<Name, S, Needed>): Provider<Name, S> {
  // `createModel` calls `connect` only where the needed setting is set.
  return provider as Provider<Name, S>;
}
