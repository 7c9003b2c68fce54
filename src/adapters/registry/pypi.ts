/**
 * Looks up a package in a PyPI index: the simple index as JSON (PEP 691, dates by PEP 700), or as HTML if the index has no JSON.
 */
import type { PackageRecord, RegistryAnswer, VersionRecord } from '../../domain/packages/facts';
import { asDate, asObject, earliest, fetchDocument, parseObject } from './fetch-json';
import type { FetchLimits } from './fetch-json';

const NAME_PATTERN = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i;
const ACCEPT = 'application/vnd.pypi.simple.v1+json, text/html;q=0.1';

interface IndexFile {
  filename: string;
  sha256: string | null;
  uploadedAt: string | null;
  yanked: boolean;
}

export async function lookUpPypi(indexUrl: string, name: string, limits: FetchLimits): Promise<RegistryAnswer> {
  if (!NAME_PATTERN.test(name) || name.length > 200) return { state: 'absent' };
  const normalizedName = name.toLowerCase().replace(/[-_.]+/g, '-');
  const fetched = await fetchDocument(`${indexUrl.replace(/\/+$/, '')}/${normalizedName}/`, ACCEPT, limits);
  if (fetched.state !== 'found') return fetched;
  const files = fetched.isJson ? readJson(fetched.body) : readHtml(fetched.body);
  return files === undefined
    ? { state: 'unknown', why: 'the index answered with something that is no package' }
    : { state: 'known', package: recordOf(files, normalizedName) };
}

function readJson(text: string): IndexFile[] | undefined {
  const files = parseObject(text)?.['files'];
  if (!Array.isArray(files)) return undefined;
  return files.flatMap((value) => {
    const file = asObject(value);
    const filename = file?.['filename'];
    if (file === undefined || typeof filename !== 'string') return [];
    const sha256 = asObject(file['hashes'])?.['sha256'];
    return [
      {
        filename,
        sha256: typeof sha256 === 'string' ? sha256 : null,
        uploadedAt: asDate(file['upload-time']),
        // The value is a boolean, or the reason as a text.
        yanked: file['yanked'] === true || typeof file['yanked'] === 'string',
      },
    ];
  });
}

function readHtml(text: string): IndexFile[] | undefined {
  const links = [...text.matchAll(/<a\b([^>]*)>([^<]*)<\/a>/gi)];
  if (links.length === 0 && !/<html|<!doctype/i.test(text)) return undefined;
  return links.map(([, attributes = '', filename = '']) => ({
    filename: filename.trim(),
    sha256: /#sha256=([0-9a-f]{64})/i.exec(attributes)?.[1] ?? null,
    uploadedAt: null,
    yanked: /\bdata-yanked\b/i.test(attributes),
  }));
}

function recordOf(files: IndexFile[], name: string): PackageRecord {
  const versions: Record<string, VersionRecord> = {};
  for (const { filename, sha256, uploadedAt, yanked } of files) {
    const version = versionOf(filename, name);
    if (version === undefined) continue;
    const record = (versions[version] ??= { publishedAt: uploadedAt, deprecated: yanked, integrity: [] });
    record.publishedAt = earliest([record.publishedAt, uploadedAt]);
    // A version is withdrawn when all of its files are.
    record.deprecated &&= yanked;
    if (sha256 !== null) record.integrity.push(`sha256:${sha256}`);
  }
  return { firstPublishedAt: earliest(Object.values(versions).map(({ publishedAt }) => publishedAt)), versions };
}

/** Reads the version in `name-1.2.3-py3-none-any.whl` or `name-1.2.3.tar.gz`; the name may have other separators. */
function versionOf(filename: string, name: string): string | undefined {
  const stem = filename.replace(/\.(whl|tar\.gz|zip|tar\.bz2|egg|exe|tgz)$/i, '');
  const namePattern = name.split('-').join('[-_.]+');
  return new RegExp(`^${namePattern}-([^-]+)`, 'i').exec(stem)?.[1];
}
