/**
 * Reads what a build names by digest because its state and its memo have no room for it: the repository report, the failing
 * tests, and the whole message of a failure. Each is null if the build has none, or if it is no longer stored.
 */
import { isObject } from '../domain/json';
import type { BuildCard } from '../domain/build/card';
import { readContent, readText } from './contents';
import type { ApiDeps } from './deps';
import type { StatusContents } from './present/status';

export async function readStatusContents(deps: ApiDeps, card: BuildCard): Promise<StatusContents> {
  const [repositoryReport, details, failing] = await Promise.all([
    readReport(deps, card.survey?.digest),
    readText(deps, card.failure?.detailsDigest),
    card.failuresDigest === undefined ? undefined : readContent(deps, card.failuresDigest),
  ]);
  return { repositoryReport, details, failingTests: Array.isArray(failing) ? failing : null };
}

/** Reads the repository report; its digest is added as a member. */
export async function readReport(
  deps: Pick<ApiDeps, 'artifacts'>,
  digest: string | undefined,
): Promise<{ digest: string } | null> {
  const report = digest === undefined ? undefined : await readContent(deps, digest);
  return digest !== undefined && isObject(report) ? { digest, ...report } : null;
}
