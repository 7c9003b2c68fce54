// @ts-check
/**
 * uvu: adds the same words to its module for `import` as uvu.cjs does to the one for `require`.
 */
import { createRequire } from 'node:module';

const { ADDED } = createRequire(import.meta.url)('./uvu.cjs');

/** @param {string} url @param {object} context @param {(url: string, context: object) => Promise<any>} next */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  return /\/uvu\/dist\/index\.mjs$/.test(url) ? { ...loaded, source: `${String(loaded.source)}${ADDED}` } : loaded;
}
