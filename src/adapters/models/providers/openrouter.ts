/**
 * The provider `openrouter`: models of many vendors behind the gateway OpenRouter.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@openrouter/ai-sdk-provider';
import { argumentsInChat } from '../call-arguments';
import { defineProvider } from '../provider';

export const openrouter = defineProvider({
  name: 'openrouter',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'OPENROUTER_API_KEY', kind: 'secret', description: 'Key for openrouter models.' },
    baseUrl: { variable: 'OPENROUTER_BASE_URL', kind: 'url', description: 'Another address for openrouter models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ openrouter: { reasoning: { effort } } }),
  connect({ apiKey, baseUrl }, id) {
    const { createOpenRouter } = require('@openrouter/ai-sdk-provider') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://openrouter.ai/api/v1';
    return {
      via: 'sdk',
      open: (fetch) => createOpenRouter({ apiKey, baseURL, fetch, compatibility: 'strict' })(id),
      argumentsIn: argumentsInChat,
    };
  },
});
