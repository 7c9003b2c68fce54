/**
 * The provider `openai-chat`: the chat completions API of OpenAI, for gateways without its Responses API.
 *
 * It uses the key and the address of the provider `openai`.
 */
import type * as Sdk from '@ai-sdk/openai';
import { defineProvider } from '../provider';
import { openai } from './openai';

export const openaiChat = defineProvider({
  name: 'openai-chat',
  nameIs: 'id',
  settings: openai.settings,
  needs: 'apiKey',
  effort: (effort) => ({ openai: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const { createOpenAI } = require('@ai-sdk/openai') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.openai.com/v1';
    return { via: 'sdk', open: (fetch) => createOpenAI({ apiKey, baseURL, fetch }).chat(id) };
  },
});
