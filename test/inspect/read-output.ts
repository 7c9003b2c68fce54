/** Reads the output of a test runner in small chunks, and returns the result in the form that the tests compare. */
import { DIALECTS } from '../../src/adapters/runners/all-runners';
import { addUp } from '../../src/inspect/test-output/dialect';
import { createOutputReader } from '../../src/inspect/test-output/output';

export function readOutput(output: string, chunkBytes = 7) {
  const reader = createOutputReader(DIALECTS);
  const bytes = Buffer.from(output);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.add(bytes.subarray(at, at + chunkBytes));
  const said = reader.close();
  return {
    runners: said.map(({ runner }) => runner),
    counts: said.length === 0 ? null : addUp(said.map(({ counts }) => counts)),
    tests: said.flatMap(({ tests }) => tests.map(({ file, name, status }) => [file, name, status])),
    failing: said.flatMap(({ failed }) => failed.map(({ name }) => name)),
  };
}
