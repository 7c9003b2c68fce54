/**
 * The program of the reader threads, compiled once for a whole test run: a thread that compiles the sources itself takes eight times
 * as long to start.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createReaders } from '../src/adapters/reading/readers';
import type { Readers } from '../src/ports/readers';

const ROOT = join(__dirname, '..');
const GRAMMARS = '@vscode/tree-sitter-wasm';

/** Gives the path of the program in `folder`. */
export function writeReaderThread(folder: string): string {
  const outfile = join(folder, 'reader-thread.js');
  const compiler = createRequire(require.resolve('tsx'))('esbuild') as { buildSync(options: object): void };
  compiler.buildSync({
    ...{ entryPoints: [join(ROOT, 'src/adapters/reading/thread.ts')], outfile, bundle: true },
    ...{ platform: 'node', format: 'cjs', logLevel: 'error' },
    // The package of grammars is not bundled: it finds the grammar files beside itself.
    ...{ alias: { [GRAMMARS]: require.resolve(GRAMMARS) }, external: [require.resolve(GRAMMARS)] },
  });
  return outfile;
}

/** Two threads, which run what `writeReaderThread` wrote. */
export function createTestReaders(): Readers {
  const thread = process.env.TEST_READER_THREAD;
  return createReaders({ threads: 2, ...(thread !== undefined && { thread }) });
}
