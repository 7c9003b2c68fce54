// @ts-check
/**
 * Compiles TypeScript while it is loaded, by tsx. Its compiler is a process of its own that stays as long as this one: it is started
 * here, with nothing of the environment but where things are.
 */
const { createRequire } = require('node:module');

const NEEDED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'XDG_CACHE_HOME'];
const own = { ...process.env };
// Not by another object in its place: the thread that starts the compiler has a copy of the real one.
for (const name of Object.keys(own)) if (!NEEDED.includes(name)) delete process.env[name];
try {
  // @ts-expect-error: this entry has no types
  require('tsx/cjs');
  // The one that tsx has.
  createRequire(require.resolve('tsx'))('esbuild').transformSync('');
} finally {
  Object.assign(process.env, own);
}
