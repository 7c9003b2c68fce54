/**
 * Members of the settings, laid over the JSON body of each request to a provider.
 */
import type { Fetch } from './provider';

export function withExtraBody(fetch: Fetch, extra: Record<string, unknown> | undefined): Fetch {
  if (extra === undefined) return fetch;
  return (url, init) => {
    if (typeof init?.body !== 'string') return fetch(url, init);
    return fetch(url, { ...init, body: JSON.stringify({ ...(JSON.parse(init.body) as object), ...extra }) });
  };
}
