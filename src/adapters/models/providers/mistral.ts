/**
 * The provider `mistral`: the API of Mistral.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/mistral';
import { defineProvider } from '../provider';

export const mistral = defineProvider({
  name: 'mistral',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'MISTRAL_API_KEY', kind: 'secret', description: 'Key for mistral models.' },
    baseUrl: { variable: 'MISTRAL_BASE_URL', kind: 'url', description: 'Another address for mistral models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ mistral: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const { createMistral } = require('@ai-sdk/mistral') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.mistral.ai/v1';
    return { via: 'sdk', open: (fetch) => createMistral({ apiKey, baseURL, fetch })(id), callIds: /^[a-zA-Z0-9]{9}$/ };
  },
});
