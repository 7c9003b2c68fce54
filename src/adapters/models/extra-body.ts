/**
 * Adds members from the settings to the JSON body of each request to a provider; they replace members of the same name.
 */
import type { Fetch } from './provider';

export function withExtraBody(fetch: Fetch, members: Record<string, unknown> | undefined): Fetch {
  if (members === undefined) return fetch;
  return (url, init) => {
    if (typeof init?.body !== 'string') return fetch(url, init);
    return fetch(url, { ...init, body: JSON.stringify({ ...(JSON.parse(init.body) as object), ...members }) });
  };
}
