/**
 * Reads package.json: its declared dependencies, and how each spec would be installed. Pure.
 */
import { resolve } from 'npm-package-arg';
import type { AliasResult, Result } from 'npm-package-arg';
import { isObject } from '../../domain/json';

export interface PackageJson {
  name: string | null;
  /** `module` or `commonjs`, if given. */
  type: string | null;
  /** Dependencies of every kind, with their specs. */
  declared: Map<string, string>;
}

const DEPENDENCY_KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Returns undefined if the text is not a JSON object, or a dependency's spec is not a text. */
export function readPackageJson(text: string): PackageJson | undefined {
  const manifest = parseManifest(text);
  if (manifest === undefined) return undefined;
  const declared = new Map<string, string>();
  for (const kind of DEPENDENCY_KINDS) {
    const specs = manifest[kind] ?? {};
    if (typeof specs !== 'object' || Array.isArray(specs)) return undefined;
    for (const [name, spec] of Object.entries(specs as Record<string, unknown>)) {
      if (typeof spec !== 'string') return undefined;
      declared.set(name, spec);
    }
  }
  const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return { name: textOf(manifest['name']), type: textOf(manifest['type']), declared };
}

export interface NpmSpec {
  /** The real name, if the spec is an alias. */
  name: string;
  source: 'registry' | 'local' | 'other';
  /** The version if the spec is one exact version; otherwise null. */
  version: string | null;
  /** The path if the spec is one, otherwise null: without `file:`, relative to the manifest's folder unless it begins with `/` or `~`. */
  path: string | null;
}

/** npm would parse longer specs for seconds; real ones have about twenty characters. */
const SPEC_LIMIT_CHARS = 1_000;

/** Classifies a spec as `npm install` would, and also specs of yarn and pnpm that npm refuses. */
export function readNpmSpec(name: string, spec: string): NpmSpec {
  if (/^(workspace|catalog):/.test(spec)) return { name, source: 'local', version: null, path: null };
  const other: NpmSpec = { name, source: 'other', version: null, path: null };
  const parsedSpec = parseSpec(spec.replace(/^(?:link|portal):/, 'file:').replace(/^npm:(?=[\^~<>=*])/, ''));
  if (parsedSpec === undefined) return other;
  if (parsedSpec.type === 'alias') return registrySpec((parsedSpec as AliasResult).subSpec, name);
  if (parsedSpec.registry === true) return registrySpec(parsedSpec, name);
  const path = /^(?:file|link|portal):(.*)$/is.exec(spec)?.[1] ?? (/^(?:[./]|~\/)/.test(spec) ? spec : null);
  // Nobody reviewed a folder outside of the repository, or an archive.
  const isInside = parsedSpec.type === 'directory' && path !== null && !/^[/~]|^\.\.\/.*\.\.\/\.\./.test(path);
  return { ...other, source: isInside ? 'local' : 'other', path };
}

function registrySpec({ name, type, fetchSpec }: Result, declared: string): NpmSpec {
  const version = type === 'version' ? (fetchSpec ?? '').replace(/^[=v\s]+/, '') : null;
  return { name: name ?? declared, source: 'registry', version, path: null };
}

/** Returns undefined if npm refuses the spec. The package's name is not checked. */
function parseSpec(spec: string): Result | undefined {
  if (spec.length > SPEC_LIMIT_CHARS) return undefined;
  try {
    return resolve('', spec, '/');
  } catch {
    return undefined;
  }
}

/** Returns undefined if the text is not a JSON object. */
export function parseManifest(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
