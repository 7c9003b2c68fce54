/**
 * The provider `openai`: the Responses API of OpenAI.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/openai';
import { defineProvider } from '../provider';

export const openai = defineProvider({
  name: 'openai',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'OPENAI_API_KEY', kind: 'secret', description: 'Key for openai models.' },
    baseUrl: { variable: 'OPENAI_BASE_URL', kind: 'url', description: 'Another address for openai models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ openai: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const { createOpenAI } = require('@ai-sdk/openai') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.openai.com/v1';
    return {
      via: 'sdk',
      open: (fetch) => createOpenAI({ apiKey, baseURL, fetch })(id),
      // By default OpenAI stores every answer for a month.
      callOptions: { openai: { store: false } },
    };
  },
});
