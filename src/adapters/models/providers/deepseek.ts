/**
 * The provider `deepseek`: the API of DeepSeek.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/deepseek';
import { defineProvider } from '../provider';

export const deepseek = defineProvider({
  name: 'deepseek',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'DEEPSEEK_API_KEY', kind: 'secret', description: 'Key for deepseek models.' },
    baseUrl: { variable: 'DEEPSEEK_BASE_URL', kind: 'url', description: 'Another address for deepseek models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ deepseek: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const { createDeepSeek } = require('@ai-sdk/deepseek') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.deepseek.com';
    return { via: 'sdk', open: (fetch) => createDeepSeek({ apiKey, baseURL, fetch })(id) };
  },
});
