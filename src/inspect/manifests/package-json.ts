/**
 * package.json: what it declares, and what its imports may be resolved by. Pure.
 */
import { isObject } from '../../domain/json';

export interface PackageJson {
  name: string | null;
  /** `module` or `commonjs` where it says so. */
  type: string | null;
  /** Every dependency of every kind, with its spec. */
  declared: Map<string, string>;
}

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Undefined where the text is no JSON object, or a dependency in it no text. */
export function readPackageJson(text: string): PackageJson | undefined {
  const manifest = parseManifest(text);
  if (manifest === undefined) return undefined;
  const declared = new Map<string, string>();
  for (const kind of KINDS) {
    const given = manifest[kind] ?? {};
    if (typeof given !== 'object' || Array.isArray(given)) return undefined;
    for (const [name, spec] of Object.entries(given as Record<string, unknown>)) {
      if (typeof spec !== 'string') return undefined;
      declared.set(name, spec);
    }
  }
  const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return { name: textOf(manifest['name']), type: textOf(manifest['type']), declared };
}

export interface NpmSpec {
  /** The real name, behind an alias. */
  name: string;
  source: 'registry' | 'local' | 'other';
  /** Where the spec is one exact version. */
  version: string | null;
}

/** What `npm install` would take a spec for. */
export function readNpmSpec(name: string, spec: string): NpmSpec {
  const alias = /^npm:((?:@[^/]+\/)?[^@]+)(?:@(.*))?$/.exec(spec);
  if (alias) return readNpmSpec(alias[1] ?? name, alias[2] ?? '');
  if (/^(workspace|catalog):/.test(spec)) return { name, source: 'local', version: null };
  // `~1.2.0` is a range, `~/x` the folder of a user.
  const folder = /^(?:file|link|portal):(.*)$/.exec(spec)?.[1] ?? (/^(?:[./]|~\/)/.test(spec) ? spec : undefined);
  // A folder above the repository, or an archive, is not what was reviewed.
  if (folder !== undefined) {
    const isInside = !/^[/~]|^\.\.\/.*\.\.\/\.\.|\.(tgz|tar|tar\.gz)$/.test(folder);
    return { name, source: isInside ? 'local' : 'other', version: null };
  }
  if (/[:/]/.test(spec)) return { name, source: 'other', version: null };
  return { name, source: 'registry', version: /^[=v]?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/.exec(spec)?.[1] ?? null };
}

/** Undefined where the text is no JSON object. */
export function parseManifest(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
