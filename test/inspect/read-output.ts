/** Reads the output of a test runner in small chunks, and returns the result in the form that the tests compare. */
import { DIALECTS } from '../../src/adapters/runners/all-runners';
import { addUp } from '../../src/inspect/test-output/dialect';
import { createOutputReader } from '../../src/inspect/test-output/output';

export function readOutput(output: string, chunkBytes = 7) {
  const reader = createOutputReader(DIALECTS);
  const bytes = Buffer.from(output);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.add(bytes.subarray(at, at + chunkBytes));
  const results = reader.close();
  return {
    runners: results.map(({ runner }) => runner),
    counts: results.length === 0 ? null : addUp(results.map(({ counts }) => counts)),
    tests: results.flatMap(({ tests }) => tests.map(({ file, name, status }) => [file, name, status])),
    failing: results.flatMap(({ failed }) => failed.map(({ name }) => name)),
  };
}
