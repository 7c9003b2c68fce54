/**
 * Looks up a package in an npm registry, and reduces its document to the facts that the gate needs.
 */
import type { PackageRecord, RegistryAnswer, VersionRecord } from '../../domain/packages/facts';
import { asDate, asObject, earliest, fetchDocument, parseObject } from './fetch-json';
import type { FetchLimits } from './fetch-json';

/** Every name that npm accepts, also with capitals, as in old packages. A name that does not match cannot exist in the registry. */
const NAME_PATTERN = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;

export async function lookUpNpm(registryUrl: string, name: string, limits: FetchLimits): Promise<RegistryAnswer> {
  if (!NAME_PATTERN.test(name) || name.length > 214) return { state: 'absent' };
  const url = `${registryUrl.replace(/\/+$/, '')}/${name.replace('/', '%2f')}`;
  const fetched = await fetchDocument(url, 'application/json', limits);
  if (fetched.state !== 'found') return fetched;
  const document = parseObject(fetched.body);
  const record = document === undefined ? undefined : readPackage(document);
  return record === undefined
    ? { state: 'unknown', why: 'the registry answered with something that is no package' }
    : { state: 'known', package: record };
}

function readPackage(document: Record<string, unknown>): PackageRecord | undefined {
  const versions = asObject(document['versions']);
  // A package whose versions were all taken down has a document without versions.
  if (versions === undefined) return asObject(document['time']) ? { firstPublishedAt: null, versions: {} } : undefined;
  const times = asObject(document['time']) ?? {};
  const records = Object.entries(versions).map(([version, manifest]): [string, VersionRecord] => [
    version,
    readVersion(asObject(manifest) ?? {}, asDate(times[version])),
  ]);
  const dates = [asDate(times['created']), ...records.map(([, { publishedAt }]) => publishedAt)];
  return { firstPublishedAt: earliest(dates), versions: Object.fromEntries(records) };
}

function readVersion(manifest: Record<string, unknown>, publishedAt: string | null): VersionRecord {
  const { integrity } = asObject(manifest['dist']) ?? {};
  const { deprecated } = manifest;
  return {
    publishedAt,
    // Some old documents have `false` or an empty text for "not deprecated".
    deprecated: deprecated !== undefined && deprecated !== false && deprecated !== '',
    integrity: typeof integrity === 'string' ? integrity.split(/\s+/).filter(Boolean) : [],
  };
}
