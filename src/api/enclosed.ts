/**
 * What a build names by digest because neither its state nor its memo has room for it: the repository report, and the whole
 * message of a failure. Null where there is none, or it is no longer kept.
 */
import { isObject } from '../domain/json';
import type { BuildCard } from '../domain/build/view';
import { readContent, readText } from './contents';
import type { ApiDeps } from './deps';
import type { Enclosed } from './present/status';

export async function readEnclosed(deps: ApiDeps, card: BuildCard): Promise<Enclosed> {
  const [repositoryReport, details, failing] = await Promise.all([
    readReport(deps, card.survey?.digest),
    readText(deps, card.failure?.detailsDigest),
    card.failuresDigest === undefined ? undefined : readContent(deps, card.failuresDigest),
  ]);
  return { repositoryReport, details, failingTests: Array.isArray(failing) ? failing : null };
}

/** With its digest beside its own members. */
export async function readReport(
  deps: Pick<ApiDeps, 'artifacts'>,
  digest: string | undefined,
): Promise<{ digest: string } | null> {
  const report = digest === undefined ? undefined : await readContent(deps, digest);
  return digest !== undefined && isObject(report) ? { digest, ...report } : null;
}
