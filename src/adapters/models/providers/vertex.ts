/**
 * The provider `vertex`: Gemini models of Google Cloud, by a project and its credentials, or by a key of the express mode.
 *
 * Google's own library fetches a project's tokens. It finds credentials and proxies in the environment, as all Google tools do.
 */
import type * as Sdk from '@ai-sdk/google-vertex';
import { Failure } from '../../../domain/failures';
import { defineProvider } from '../provider';

export const vertex = defineProvider({
  name: 'vertex',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'GOOGLE_VERTEX_API_KEY', kind: 'secret', description: 'Key for vertex models (express mode).' },
    baseUrl: { variable: 'GOOGLE_VERTEX_BASE_URL', kind: 'url', description: 'Another address for vertex models.' },
    project: { variable: 'GOOGLE_VERTEX_PROJECT', kind: 'text', description: 'Project for vertex models.' },
    location: {
      variable: 'GOOGLE_VERTEX_LOCATION',
      kind: 'text',
      description: 'Region for vertex models; `global` without it.',
    },
    credentialsFile: {
      variable: 'GOOGLE_APPLICATION_CREDENTIALS',
      kind: 'text',
      description: 'File with credentials for vertex models; without it, those that tools of Google find.',
    },
  },
  needs: null,
  effort: (effort) => ({ vertex: { thinkingConfig: { thinkingLevel: effort } } }),
  connect({ apiKey = '', baseUrl, project, location = 'global', credentialsFile }, id) {
    if (apiKey === '' && project === undefined)
      throw new Failure(
        'Model.NotConfigured',
        `vertex:${id} is configured, but neither GOOGLE_VERTEX_PROJECT nor GOOGLE_VERTEX_API_KEY is set`,
      );
    const { createVertex } = require('@ai-sdk/google-vertex') as typeof Sdk;
    const options = {
      ...{ apiKey, location },
      ...(project === undefined ? {} : { project }),
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
      ...(credentialsFile === undefined ? {} : { googleAuthOptions: { keyFilename: credentialsFile } }),
    };
    return { via: 'sdk', open: (fetch) => createVertex({ ...options, fetch })(id) };
  },
});
