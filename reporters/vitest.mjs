// @ts-check
/**
 * The reporter for vitest, which runs in addition to those of the project. It supports the interfaces before and since vitest 3.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { openRecord } = createRequire(import.meta.url)('./record.cjs');
const OWN = fileURLToPath(import.meta.url);

export default class Reporter {
  /** @param {any} vitest */
  async onInit(vitest) {
    const hasReporterFlag = process.argv.some((word) => /^--reporters?(=|$)/.test(word) && !word.endsWith(OWN));
    process.argv = process.argv.filter((word) => !word.endsWith(OWN));
    this.record = openRecord('vitest');
    if (!hasReporterFlag) await addConfigured(vitest);
  }

  /** @param {any[]} modules @param {any[]} errors */
  onTestRunEnd(modules, errors) {
    for (const module of modules) {
      const file = module.moduleId;
      for (const test of module.children.allTests()) this.recordTest(file, test);
      for (const error of module.errors()) this.record.suiteError({ file, message: textOf(error) });
      for (const suite of module.children.allSuites?.() ?? [])
        for (const error of suite.errors?.() ?? []) this.record.suiteError({ file, message: textOf(error) });
    }
    for (const error of errors) this.record.suiteError({ file: null, message: textOf(error) });
    this.record.end();
    this.isRecorded = true;
  }

  /** vitest before 3 calls this at the end. @param {any[]} files @param {any[]} errors */
  onFinished(files = [], errors = []) {
    if (this.isRecorded) return;
    /** @param {string} file @param {any} task @param {string[]} above */
    const walk = (file, task, above) => {
      if (task.type === 'suite') for (const inner of task.tasks) walk(file, inner, [...above, task.name]);
      else {
        const { state, errors: own = [] } = task.result ?? {};
        const status =
          state === 'pass' ? 'passed' : state === 'fail' ? 'failed' : task.mode === 'todo' ? 'todo' : 'skipped';
        const message = status === 'failed' ? own.map(textOf).join('\n\n') : undefined;
        this.record.test({ file, name: [...above, task.name].join(' > '), status, ...(message && { message }) });
      }
    };
    for (const file of files) {
      for (const task of file.tasks) walk(file.filepath, task, []);
      if (file.result?.state === 'fail' && (file.tasks.length === 0 || file.result.errors?.length > 0))
        this.record.suiteError({ file: file.filepath, message: (file.result.errors ?? []).map(textOf).join('\n\n') });
    }
    for (const error of errors) this.record.suiteError({ file: null, message: textOf(error) });
    this.record.end();
  }

  /** @param {string} file @param {any} test */
  recordTest(file, test) {
    const { state, errors = [] } = test.result();
    const isTodo = test.options.mode === 'todo';
    const status = isTodo ? 'todo' : state === 'passed' || state === 'failed' ? state : 'skipped';
    const message = status === 'failed' ? errors.map(textOf).join('\n\n') : undefined;
    const [error] = errors;
    this.record.test({
      ...{ file, name: test.fullName, status },
      ...(message && { message, ...(error?.diff && { diff: error.diff }) }),
      ...(test.location && { line: test.location.line }),
    });
  }
}

/** Adds the reporters of the project's settings: names of vitest's own reporters, objects, or modules. @param {any} vitest */
async function addConfigured(vitest) {
  const { ReportersMap = {} } = await import(`${packageOf()}/dist/reporters.js`).catch(() => ({}));
  const configured = [vitest.vite?.config?.test?.reporters ?? 'default'].flat();
  for (const entry of configured.length === 0 ? ['default'] : configured) {
    const [name, options = {}] = Array.isArray(entry) ? entry : [entry];
    const reporter = typeof name === 'string' ? await createReporter(vitest, { name, options, ReportersMap }) : name;
    if (reporter === undefined) continue;
    vitest.reporters.push(reporter);
    await reporter.onInit?.(vitest);
  }
}

/** @param {any} vitest @param {{ name: string, options: object, ReportersMap: Record<string, any> }} wanted */
async function createReporter(vitest, { name, options, ReportersMap }) {
  const BuiltIn = ReportersMap[name];
  if (BuiltIn !== undefined) return new BuiltIn(options);
  try {
    const { resolve } = createRequire(`${vitest.config.root}/package.json`);
    const { default: Found } = await import(resolve(name));
    return new Found(options);
  } catch (error) {
    process.stderr.write(`the reporter ${name} could not be loaded beside that of the test run: ${String(error)}\n`);
    return undefined;
  }
}

/** Returns the folder of the running vitest. */
function packageOf() {
  return createRequire(import.meta.url)('node:fs')
    .realpathSync(process.argv[1] ?? '')
    .replace(/\/[^/]+$/, '');
}

/** @param {any} error */
function textOf(error) {
  const stack = String(error?.stack ?? error?.stackStr ?? '');
  const message = String(error?.message ?? error);
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}
