/**
 * The three protocols a model is reached by, as the AI SDK speaks them.
 *
 * Addresses and keys are always handed in: left out, the SDK would read the environment behind our back.
 */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import { Failure } from '../../domain/failures';
import type { ModelSettings } from './settings';

export type Fetch = typeof globalThis.fetch;

/** Gives the model over a `fetch` of the call's own, which watches time and bytes. */
export type Connect = (fetch: Fetch) => LanguageModel;

type Provider = (id: string, settings: ModelSettings) => Connect;

const anthropic: Provider = (id, settings) => {
  const apiKey = needed(settings.anthropicApiKey, `anthropic:${id}`, 'ANTHROPIC_API_KEY');
  const baseURL = settings.anthropicBaseUrl ?? 'https://api.anthropic.com/v1';
  return (fetch) => createAnthropic({ apiKey, baseURL, fetch })(id);
};

const openai: Provider = (id, settings) => {
  const apiKey = needed(settings.openaiApiKey, `openai:${id}`, 'OPENAI_API_KEY');
  const baseURL = settings.openaiBaseUrl ?? 'https://api.openai.com/v1';
  return (fetch) => createOpenAI({ apiKey, baseURL, fetch })(id);
};

const compatible: Provider = (id, settings) => {
  const baseURL = needed(settings.compatibleBaseUrl, `compatible:${id}`, 'COMPATIBLE_BASE_URL');
  const apiKey = settings.compatibleApiKey;
  return (fetch) =>
    createOpenAICompatible({
      name: 'compatible',
      baseURL,
      fetch,
      ...(apiKey ? { apiKey } : {}),
      // Both are off by default: without them there is no schema in the request and no usage in the answer.
      supportsStructuredOutputs: true,
      includeUsage: true,
    })(id);
};

export const PROVIDERS = { anthropic, openai, compatible } satisfies Record<string, Provider>;

function needed(value: string | undefined, model: string, setting: string): string {
  if (value !== undefined && value !== '') return value;
  throw new Failure(
    'Model.NotConfigured',
    `${model} is configured, but ${setting} is not set: set it, or choose another MODEL, or set none, and every role waits for \`advance\``,
  );
}
