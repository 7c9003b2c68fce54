/**
 * The provider `xai`: the Responses API of xAI (Grok). Its chat completions API cannot be used, because it does not accept earlier
 * reasoning.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/xai';
import { defineProvider } from '../provider';

export const xai = defineProvider({
  name: 'xai',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'XAI_API_KEY', kind: 'secret', description: 'Key for xai models.' },
    baseUrl: { variable: 'XAI_BASE_URL', kind: 'url', description: 'Another address for xai models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ xai: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const { createXai } = require('@ai-sdk/xai') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.x.ai/v1';
    return {
      via: 'sdk',
      open: (fetch) => createXai({ apiKey, baseURL, fetch }).responses(id),
      // By default xAI stores every answer for a month.
      callOptions: { xai: { store: false } },
    };
  },
});
