/**
 * Decides which npm packages are installed where the product runs ("live"), and which only on developers' machines ("dev"). Pure.
 */
import { objectOf } from '../manifests/json-text';
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { foldersAbove } from '../judges/resolve';
import { placeAt } from '../places';

/**
 * Whether a package is there when the product runs. `live`: installed with the product. `dev`: declared in devDependencies only.
 * `undeclared`: in no manifest. `unknown`: a bundler, the host program or another package may provide it.
 */
export type Availability = 'live' | 'dev' | 'undeclared' | 'unknown';

/** Build tools that copy the needed packages into the output, wherever these are declared. */
const BUNDLERS =
  /^(?:webpack|rollup|esbuild|tsup|tsdown|parcel|@parcel\/core|browserify|microbundle|unbuild|bunchee|pkgroll|ncc|@vercel\/ncc|next|nuxt|astro|gatsby|expo|react-scripts|electron-vite|electron-forge|@electron-forge\/cli|snowpack|rolldown|wrangler|@angular\/cli|@angular\/build|@sveltejs\/kit|@sveltejs\/package|@vue\/cli-service|@rspack\/(?:core|cli)|@rsbuild\/core|@rslib\/core|@remix-run\/dev|@react-router\/dev|@builder\.io\/qwik|laravel-mix|laravel-vite-plugin|serverless-esbuild|serverless-webpack|pkg|@yao-pkg\/pkg|nexe|metro|react-native|@docusaurus\/core|vitepress|@11ty\/eleventy)$/;
const BUILD_SCRIPT =
  /\b(?:vite\s+build|vite\s+preview|bun\s+build|deno\s+bundle|webpack|rollup|esbuild|tsup|parcel|browserify|ncc\s+build)\b/;
/** Modules of host programs, such as electron: the program that runs the product provides them. */
const HOST_MODULES =
  /^(?:electron|vscode|obsidian|aws-sdk|@aws-sdk\/.+|@smithy\/.+|meteor|figma|k6|original-fs|atom|bun|deno|photoshop|uxp|react-native|@theme|@site|@docusaurus)$/;
/** Packages that may be imported without a declaration: the documentation of a package that matches the pattern does so. */
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
  availabilityOf(path: string, name: string): Availability;
}

export function createLivePackages(after: ReadonlyMap<string, string>): LivePackages {
  const manifests = new Map(
    [...after].flatMap(([path, text]): Array<[string, JsonObject]> => {
      const manifest = /(^|\/)package\.json$/.test(path) ? objectOf(text) : undefined;
      return manifest === undefined ? [] : [[path, manifest]];
    }),
  );
  const ownNames = new Set([...manifests.values()].map(({ name }) => name));
  const usesDeno = [...after.keys()].some((path) => /(^|\/)(?:deno\.jsonc?|import_map\.json)$/.test(path));
  return {
    availabilityOf(path, name) {
      if (ownNames.has(name) || HOST_MODULES.test(name) || usesDeno) return 'unknown';
      const manifestsAbove = foldersAbove(path)
        .map((folder) => manifests.get(placeAt(folder, 'package.json')))
        .filter((one) => one !== undefined);
      if (manifestsAbove.length === 0) return 'unknown';
      const live = new Set(manifestsAbove.flatMap((one) => [...liveNamesOf(one)]));
      if (live.has(name)) return 'live';
      if (manifestsAbove.some(usesBundler)) return 'unknown';
      const providers = PROVIDED_BY[name];
      if (providers !== undefined && [...live].some((one) => providers.test(one))) return 'unknown';
      return manifestsAbove.some((one) => namesOf(one['devDependencies']).includes(name)) ? 'dev' : 'undeclared';
    },
  };
}

/** Returns the names of packages that an installation without devDependencies has. */
export function liveNamesOf(manifest: Record<string, unknown>): Set<string> {
  const bundledNames = manifest['bundledDependencies'] ?? manifest['bundleDependencies'];
  return new Set([
    ...['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => namesOf(manifest[kind])),
    ...(Array.isArray(bundledNames) ? bundledNames.map(String) : []),
  ]);
}

/** True if the manifest's packages or scripts show that a bundler builds the product. */
export function usesBundler(manifest: Record<string, unknown>): boolean {
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
