// @ts-check
/**
 * vitest: started from here with settings of ours, and reported by an object that nothing else can reach.
 *
 * Tests run in processes of vitest's own; what they tell this one they tell as vitest does.
 */
import { createRequire } from 'node:module';
import { relative } from 'node:path';

const { begin } = createRequire(import.meta.url)('./watch.cjs');
const files = process.argv.slice(2);
const { say, root } = /** @type {NonNullable<ReturnType<typeof begin>>} */ (begin());

/**
 * What vitest tells of a file and of one test, as far as it is read here.
 *
 * @typedef {{ fullName: string, options: { mode: string, fails?: boolean }, result(): { state: string } }} One
 * @typedef {{ moduleId: string, children: { allTests(): Iterable<One> }, errors(): unknown[] }} Module
 */

const reporter = {
  /** @param {Module[]} modules @param {unknown[]} errors */
  onTestRunEnd(modules, errors) {
    let count = 0;
    /** @param {{ file: string, name: string, status: string }} test */
    const tell = (test) => {
      count += 1;
      say({ test });
    };
    for (const module of modules) {
      const file = relative(root, module.moduleId);
      for (const one of module.children.allTests()) tell({ file, name: one.fullName, status: statusOf(one) });
      if (module.errors().length > 0) tell({ file, name: '(file)', status: 'failed' });
    }
    if (errors.length > 0) tell({ file: '', name: '(an error outside the tests)', status: 'failed' });
    say({ end: count });
  },
};

/**
 * A test that is expected to fail proves nothing about what is there.
 *
 * @param {One} one
 */
function statusOf(one) {
  const { state } = one.result();
  if (one.options.mode === 'todo') return 'todo';
  if (state === 'passed' && one.options.fails) return 'skipped';
  return state === 'passed' || state === 'failed' ? state : 'skipped';
}

say({ begin: true });
const { startVitest } = await import(`${root}/node_modules/vitest/dist/node.js`);
const settings = {
  root,
  config: false,
  watch: false,
  include: ['**/*'],
  exclude: ['**/node_modules/**'],
  setupFiles: [new URL('./vitest-guard.mjs', import.meta.url).pathname],
  reporters: ['default', reporter],
  passWithNoTests: false,
  allowOnly: false,
  dangerouslyIgnoreUnhandledErrors: false,
  retry: 0,
};
const vitest = await startVitest('test', files, settings, { configFile: false, cacheDir: '/tmp/vitest' });
await vitest?.close();
