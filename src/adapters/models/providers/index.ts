/**
 * Lists the model providers. The settings, the pattern of MODEL, messages and help are derived from this list.
 *
 * The code that reads the settings imports it, so no provider may load its SDK before `connect`.
 */
import type { Provider, ProviderValues } from '../provider';
import { anthropic } from './anthropic';
import { azure } from './azure';
import { bedrock } from './bedrock';
import { compatible } from './compatible';
import { deepseek } from './deepseek';
import { google } from './google';
import { groq } from './groq';
import { mistral } from './mistral';
import { openai } from './openai';
import { openaiChat } from './openai-chat';
import { openrouter } from './openrouter';
import { scripted } from './scripted';
import { vertex } from './vertex';
import { xai } from './xai';

export const PROVIDERS = [
  ...([anthropic, openai, openaiChat, google, vertex, bedrock, azure] as const),
  ...([mistral, xai, deepseek, groq, openrouter, compatible, scripted] as const),
] as const;

type Known = (typeof PROVIDERS)[number];
export type ProviderName = Known['name'];

/** The environment variables of all providers. */
export type ProviderVariable = { [P in Known as P['name']]: VariablesOf<P['settings']> }[ProviderName];
type VariablesOf<S> = S[keyof S] extends { variable: infer V extends string } ? V : never;

/** The values of the settings, by provider and by the provider's names of the settings. */
export type ProviderAccess = { readonly [P in Known as P['name']]: ProviderValues<P['settings']> };

export function providerOf(name: ProviderName): Provider {
  return PROVIDERS.find((provider) => provider.name === name) as Provider;
}

/** Returns the required variable of the provider if neither it nor its key file is set; undefined otherwise. */
export function missingVariable(
  name: ProviderName,
  { providers, keyFiles = {} }: { providers: ProviderAccess; keyFiles?: Readonly<Partial<Record<string, string>>> },
): string | undefined {
  const { needs, settings } = providerOf(name);
  const values: ProviderValues = providers[name];
  const variable = needs === null ? undefined : settings[needs]?.variable;
  if (needs === null || variable === undefined) return undefined;
  return values[needs] !== undefined || keyFiles[variable] !== undefined ? undefined : variable;
}
