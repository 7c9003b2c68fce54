/**
 * The provider `groq`: models that Groq serves.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/groq';
import { defineProvider } from '../provider';

export const groq = defineProvider({
  name: 'groq',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'GROQ_API_KEY', kind: 'secret', description: 'Key for groq models.' },
    baseUrl: { variable: 'GROQ_BASE_URL', kind: 'url', description: 'Another address for groq models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ groq: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const { createGroq } = require('@ai-sdk/groq') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.groq.com/openai/v1';
    return { via: 'sdk', open: (fetch) => createGroq({ apiKey, baseURL, fetch })(id) };
  },
});
