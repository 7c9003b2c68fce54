/**
 * Which packages of npm are there where the product runs, and which only where it is developed. Pure.
 */
import { objectOf } from '../manifests/json-text';
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { above } from '../judges/resolve';
import { placeAt } from '../places';

/** `live`: installed with the product; `dev`: only beside it; `unknown`: given by a build, a host, or another package. */
export type Standing = 'live' | 'dev' | 'undeclared' | 'unknown';

/** What these build holds the packages that it needs, wherever they are declared. */
const BUNDLERS =
  /^(?:webpack|rollup|esbuild|tsup|tsdown|parcel|@parcel\/core|browserify|microbundle|unbuild|bunchee|pkgroll|ncc|@vercel\/ncc|next|nuxt|astro|gatsby|expo|react-scripts|electron-vite|electron-forge|@electron-forge\/cli|snowpack|rolldown|wrangler|@angular\/cli|@angular\/build|@sveltejs\/kit|@sveltejs\/package|@vue\/cli-service|@rspack\/(?:core|cli)|@rsbuild\/core|@rslib\/core|@remix-run\/dev|@react-router\/dev|@builder\.io\/qwik|laravel-mix|laravel-vite-plugin|serverless-esbuild|serverless-webpack|pkg|@yao-pkg\/pkg|nexe|metro|react-native|@docusaurus\/core|vitepress|@11ty\/eleventy)$/;
const BUILD_SCRIPT =
  /\b(?:vite\s+build|vite\s+preview|bun\s+build|deno\s+bundle|webpack|rollup|esbuild|tsup|parcel|browserify|ncc\s+build)\b/;
/** There by the program that runs the product. */
const BY_HOST =
  /^(?:electron|vscode|obsidian|aws-sdk|@aws-sdk\/.+|@smithy\/.+|meteor|figma|k6|original-fs|atom|bun|deno|photoshop|uxp|react-native|@theme|@site|@docusaurus)$/;
/** Packages whose own documentation has another one imported that they bring along. */
const BROUGHT: Readonly<Record<string, RegExp>> = {
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
  const isElsewhere = [...after.keys()].some((path) => /(^|\/)(?:deno\.jsonc?|import_map\.json)$/.test(path));
  return {
    standingOf(path, name) {
      if (own.has(name) || BY_HOST.test(name) || isElsewhere) return 'unknown';
      const near = above(path)
        .map((folder) => manifests.get(placeAt(folder, 'package.json')))
        .filter((one) => one !== undefined);
      if (near.length === 0) return 'unknown';
      const live = new Set(near.flatMap((one) => [...liveOf(one)]));
      if (live.has(name)) return 'live';
      if (near.some(isBundled)) return 'unknown';
      const brings = BROUGHT[name];
      if (brings !== undefined && [...live].some((one) => brings.test(one))) return 'unknown';
      return near.some((one) => namesOf(one['devDependencies']).includes(name)) ? 'dev' : 'undeclared';
    },
  };
}

export function liveOf(manifest: Record<string, unknown>): Set<string> {
  const bundled = manifest['bundledDependencies'] ?? manifest['bundleDependencies'];
  return new Set([
    ...['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => namesOf(manifest[kind])),
    ...(Array.isArray(bundled) ? bundled.map(String) : []),
  ]);
}

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
