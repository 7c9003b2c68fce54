/**
 * Looks up packages in the configured registries, with a cache on disk: packages that were found are cached for an hour, other
 * answers are not.
 */
import type { Collections, DocumentStore } from '../../ports/documents';
import type { PackageRegistry } from '../../ports/registry';
import { sha256 } from '../../inspect/digest';
import type { Ecosystem, RegistryAnswer } from '../../domain/packages/facts';
import { DEFAULT_LIMITS } from './fetch-json';
import type { FetchLimits } from './fetch-json';
import { lookUpNpm } from './npm';
import { lookUpPypi } from './pypi';

export interface RegistryOptions {
  npmUrl: string;
  pypiUrl: string;
  documents: DocumentStore;
  limits?: Partial<FetchLimits>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

const CACHE_MS = 3_600_000;

export function createRegistry(options: RegistryOptions): PackageRegistry {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const now = options.now ?? Date.now;
  const lookUpBy: Record<Ecosystem, (name: string) => Promise<RegistryAnswer>> = {
    npm: (name) => lookUpNpm(options.npmUrl, name, limits),
    pypi: (name) => lookUpPypi(options.pypiUrl, name, limits),
  };
  return {
    async lookUp(ecosystem, name) {
      const key = keyOf(ecosystem === 'npm' ? options.npmUrl : options.pypiUrl, ecosystem, name);
      const cached = await loadCached(options.documents, key);
      if (cached !== undefined && now() - cached.at < CACHE_MS) return cached.answer;
      const answer = await lookUpBy[ecosystem](name);
      if (answer.state === 'known') await options.documents.replace('packages', key, { at: now(), answer });
      return answer;
    },
  };
}

async function loadCached(documents: DocumentStore, key: string): Promise<Collections['packages'] | undefined> {
  try {
    return await documents.load('packages', key);
  } catch {
    // The entry is damaged: the registry is asked again.
    return undefined;
  }
}

/**
 * Hashes the name: a document's key may not have every character of a name, and file systems without case would mix up two
 * packages.
 */
function keyOf(url: string, ecosystem: Ecosystem, name: string): string {
  return sha256(`${url} ${ecosystem} ${name}`);
}
