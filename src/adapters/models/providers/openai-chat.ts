/**
 * The provider `openai-chat`: the chat completions of OpenAI, for gateways that do not speak its Responses API.
 *
 * Key and address are those of the provider `openai`.
 */
import type * as Sdk from '@ai-sdk/openai';
import { defineProvider } from '../provider';
import { openai } from './openai';

export const openaiChat = defineProvider({
  name: 'openai-chat',
  asks: 'id',
  settings: openai.settings,
  needs: 'apiKey',
  effort: (effort) => ({ openai: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const { createOpenAI } = require('@ai-sdk/openai') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.openai.com/v1';
    return { via: 'sdk', open: (fetch) => createOpenAI({ apiKey, baseURL, fetch }).chat(id) };
  },
});
