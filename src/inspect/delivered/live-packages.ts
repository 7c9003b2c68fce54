/**
 * Tells which npm packages are installed where the product runs, and which only on developers' machines. Pure.
 */
import { objectOf } from '../manifests/json-text';
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { above } from '../judges/resolve';
import { placeAt } from '../places';

/**
 * `live`: installed with the product. `dev`: in devDependencies only. `unknown`: a bundler, the host program or another
 * package may provide it.
 */
export type Standing = 'live' | 'dev' | 'undeclared' | 'unknown';

/** Build tools that copy the needed packages into the output, wherever these are declared. */
const BUNDLERS =
  /^(?:webpack|rollup|esbuild|tsup|tsdown|parcel|@parcel\/core|browserify|microbundle|unbuild|bunchee|pkgroll|ncc|@vercel\/ncc|next|nuxt|astro|gatsby|expo|react-scripts|electron-vite|electron-forge|@electron-forge\/cli|snowpack|rolldown|wrangler|@angular\/cli|@angular\/build|@sveltejs\/kit|@sveltejs\/package|@vue\/cli-service|@rspack\/(?:core|cli)|@rsbuild\/core|@rslib\/core|@remix-run\/dev|@react-router\/dev|@builder\.io\/qwik|laravel-mix|laravel-vite-plugin|serverless-esbuild|serverless-webpack|pkg|@yao-pkg\/pkg|nexe|metro|react-native|@docusaurus\/core|vitepress|@11ty\/eleventy)$/;
const BUILD_SCRIPT =
  /\b(?:vite\s+build|vite\s+preview|bun\s+build|deno\s+bundle|webpack|rollup|esbuild|tsup|parcel|browserify|ncc\s+build)\b/;
/** Modules that the program which runs the product provides. */
const HOST_MODULES =
  /^(?:electron|vscode|obsidian|aws-sdk|@aws-sdk\/.+|@smithy\/.+|meteor|figma|k6|original-fs|atom|bun|deno|photoshop|uxp|react-native|@theme|@site|@docusaurus)$/;
/** Packages that may be imported without a declaration because a package that matches the pattern documents it. */
const PROVIDED_BY: Readonly<Record<string, RegExp>> = {
  react: /^(?:next|gatsby|@docusaurus\/core)$/,
  'react-dom': /^(?:next|gatsby|@docusaurus\/core)$/,
  bson: /^(?:mongodb|mongoose)$/,
  mongodb: /^mongoose$/,
  redux: /^@reduxjs\/toolkit$/,
  immer: /^@reduxjs\/toolkit$/,
  rxjs: /^@nestjs\/core$/,
  scheduler: /^react-dom$/,
  'react-router': /^react-router-dom$/,
  history: /^react-router(?:-dom)?$/,
  zod: /^(?:astro|@modelcontextprotocol\/sdk)$/,
  'socket.io-parser': /^socket\.io(?:-client)?$/,
};

export interface LivePackages {
  standingOf(path: string, name: string): Standing;
}

export function livePackages(after: ReadonlyMap<string, string>): LivePackages {
  const manifests = new Map(
    [...after].flatMap(([path, text]): Array<[string, JsonObject]> => {
      const manifest = /(^|\/)package\.json$/.test(path) ? objectOf(text) : undefined;
      return manifest === undefined ? [] : [[path, manifest]];
    }),
  );
  const own = new Set([...manifests.values()].map(({ name }) => name));
  const usesDeno = [...after.keys()].some((path) => /(^|\/)(?:deno\.jsonc?|import_map\.json)$/.test(path));
  return {
    standingOf(path, name) {
      if (own.has(name) || HOST_MODULES.test(name) || usesDeno) return 'unknown';
      const near = above(path)
        .map((folder) => manifests.get(placeAt(folder, 'package.json')))
        .filter((one) => one !== undefined);
      if (near.length === 0) return 'unknown';
      const live = new Set(near.flatMap((one) => [...liveOf(one)]));
      if (live.has(name)) return 'live';
      if (near.some(isBundled)) return 'unknown';
      const providers = PROVIDED_BY[name];
      if (providers !== undefined && [...live].some((one) => providers.test(one))) return 'unknown';
      return near.some((one) => namesOf(one['devDependencies']).includes(name)) ? 'dev' : 'undeclared';
    },
  };
}

/** Returns the names of packages that an installation without devDependencies has. */
export function liveOf(manifest: Record<string, unknown>): Set<string> {
  const bundled = manifest['bundledDependencies'] ?? manifest['bundleDependencies'];
  return new Set([
    ...['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => namesOf(manifest[kind])),
    ...(Array.isArray(bundled) ? bundled.map(String) : []),
  ]);
}

/** True if a bundler builds the product, by its packages or its scripts. */
export function isBundled(manifest: Record<string, unknown>): boolean {
  const names = ['dependencies', 'devDependencies'].flatMap((kind) => namesOf(manifest[kind]));
  const scripts = isObject(manifest['scripts']) ? Object.entries(manifest['scripts']) : [];
  return (
    names.some((name) => BUNDLERS.test(name)) ||
    scripts.some(([name, script]) => !/test/.test(name) && BUILD_SCRIPT.test(String(script)))
  );
}

function namesOf(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : [];
}
