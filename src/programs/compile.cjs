// @ts-check
/**
 * Compiles TypeScript while it is loaded, by tsx. The compiler of tsx (esbuild) is a child process that ends with this process. This
 * file starts it with only those environment variables that name paths, so that it never gets a secret.
 */
const { createRequire } = require('node:module');

const NEEDED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'XDG_CACHE_HOME'];
const environment = { ...process.env };
// Deletes the variables one by one. A new object in the place of process.env would not reach the thread that starts the compiler.
for (const name of Object.keys(environment)) if (!NEEDED.includes(name)) delete process.env[name];
try {
  // @ts-expect-error: this entry has no types
  require('tsx/cjs');
  // Starts the esbuild that tsx uses.
  createRequire(require.resolve('tsx'))('esbuild').transformSync('');
} finally {
  Object.assign(process.env, environment);
}
