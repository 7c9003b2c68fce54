/**
 * package.json: what it declares, and what its imports may be resolved by. Pure.
 */
import { resolve } from 'npm-package-arg';
import type { AliasResult, Result } from 'npm-package-arg';
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
  /** Where the spec is a path: without `file:`, and relative to the folder of the manifest unless it begins with `/` or `~`. */
  path: string | null;
}

/** npm reads a longer one for seconds; honest ones have some twenty characters. */
const SPEC_LIMIT_CHARS = 1_000;

/** What `npm install` would take a spec for; with the words of yarn and pnpm, which npm refuses. */
export function readNpmSpec(name: string, spec: string): NpmSpec {
  if (/^(workspace|catalog):/.test(spec)) return { name, source: 'local', version: null, path: null };
  const other: NpmSpec = { name, source: 'other', version: null, path: null };
  const asked = parseSpec(spec.replace(/^(?:link|portal):/, 'file:').replace(/^npm:(?=[\^~<>=*])/, ''));
  if (asked === undefined) return other;
  if (asked.type === 'alias') return ofRegistry((asked as AliasResult).subSpec, name);
  if (asked.registry === true) return ofRegistry(asked, name);
  const path = /^(?:file|link|portal):(.*)$/is.exec(spec)?.[1] ?? (/^(?:[./]|~\/)/.test(spec) ? spec : null);
  // A folder above the repository, or an archive, is not what was reviewed.
  const isInside = asked.type === 'directory' && path !== null && !/^[/~]|^\.\.\/.*\.\.\/\.\./.test(path);
  return { ...other, source: isInside ? 'local' : 'other', path };
}

function ofRegistry({ name, type, fetchSpec }: Result, declared: string): NpmSpec {
  const version = type === 'version' ? (fetchSpec ?? '').replace(/^[=v\s]+/, '') : null;
  return { name: name ?? declared, source: 'registry', version, path: null };
}

/** Undefined where npm refuses it. The name is not judged here. */
function parseSpec(spec: string): Result | undefined {
  if (spec.length > SPEC_LIMIT_CHARS) return undefined;
  try {
    return resolve('', spec, '/');
  } catch {
    return undefined;
  }
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
