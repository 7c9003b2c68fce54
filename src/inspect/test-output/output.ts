/**
 * Reads all output of a test run as it comes, each source in every dialect. Pure.
 */
import type { TestCase } from '../../ports/test-runner';
import type { Dialect, DialectReader, SourceResults } from './dialect';
import { createLines, splitPrefix } from './lines';

/** Maximum number of sources; the lines of further sources are read as those of one source. */
const SOURCES = 500;

export interface SaidBy extends SourceResults {
  runner: string;
}

export function createOutputReader(dialects: readonly Dialect[]): { add(chunk: Buffer): void; close(): SaidBy[] } {
  const plain = createSources(dialects);
  const marked = createSources(dialects);
  let inPackage = '';
  const lines = createLines((line) => {
    inPackage = packageIn(line) ?? inPackage;
    plain.read(inPackage, line);
    for (const { source, text } of splitPrefix(line)) marked.read(source, text);
  });
  return {
    add: lines.add,
    close() {
      lines.end();
      return [...plain.close(), ...marked.close()];
    },
  };
}

/** Returns the package in the line that npm and pnpm print before they run a script: `> name@version script`. */
function packageIn(line: string): string | undefined {
  return /^> ((?:@[\w.-]+\/)?[\w.-]+)@\S+ \S+/.exec(line)?.[1];
}

/** Keeps the sources by name, each with readers of its own. */
function createSources(dialects: readonly Dialect[]) {
  const sources = new Map<string, Array<{ runner: string; reader: DialectReader }>>();
  return {
    read(source: string, line: string): void {
      const name = sources.has(source) || sources.size < SOURCES ? source : '';
      const readers = sources.get(name) ?? dialects.map(({ runner, open }) => ({ runner, reader: open() }));
      sources.set(name, readers);
      for (const { reader } of readers) reader.read(line);
    },
    close(): SaidBy[] {
      const said = [...sources].flatMap(([source, readers]) =>
        readers.flatMap(({ runner, reader }) => {
          const one = reader.close();
          return one === null ? [] : [{ source, said: { runner, ...one } }];
        }),
      );
      const isOne = new Set(said.map(({ source }) => source)).size === 1;
      return said.map((one) => (isOne || one.source === '' ? one.said : inSource(one.said, one.source)));
    },
  };
}

/** Puts the source before the names of tests without a file, so that equal names of several packages stay different. */
function inSource(said: SaidBy, source: string): SaidBy {
  const name = (test: TestCase): TestCase => (test.file === '' ? { ...test, name: `${source} > ${test.name}` } : test);
  return { ...said, tests: said.tests.map(name), failed: said.failed.map(name) };
}
