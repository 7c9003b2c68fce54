/**
 * The provider `google`: the Gemini API.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/google';
import { defineProvider } from '../provider';

export const google = defineProvider({
  name: 'google',
  nameIs: 'id',
  settings: {
    apiKey: {
      variable: 'GOOGLE_GENERATIVE_AI_API_KEY',
      kind: 'secret',
      description: 'Key for google models (Gemini).',
    },
    baseUrl: { variable: 'GOOGLE_BASE_URL', kind: 'url', description: 'Another address for google models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ google: { thinkingConfig: { thinkingLevel: effort } } }),
  connect({ apiKey, baseUrl }, id) {
    const { createGoogleGenerativeAI } = require('@ai-sdk/google') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://generativelanguage.googleapis.com/v1beta';
    return { via: 'sdk', open: (fetch) => createGoogleGenerativeAI({ apiKey, baseURL, fetch })(id) };
  },
});
