// @ts-check
/**
 * Adds code to uvu's module for `import`, as uvu.cjs does to its module for `require`.
 */
import { createRequire } from 'node:module';

const { ADDED_CODE } = createRequire(import.meta.url)('./uvu.cjs');

/** @param {string} url @param {object} context @param {(url: string, context: object) => Promise<any>} next */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  return /\/uvu\/dist\/index\.mjs$/.test(url) ? { ...loaded, source: `${String(loaded.source)}${ADDED_CODE}` } : loaded;
}
