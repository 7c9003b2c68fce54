/**
 * Finds the files that a compiler names in its errors. Pure.
 */
import type { TestCase } from '../../ports/test-runner';

/** The place in an error such as `./a_test.go:12:4: undefined: b`, as Go and C print it. */
const PLACE = /^(?:vet: )?(?:\.\/)?([^\s:]{1,300}\.\w{1,10}):\d{1,7}:\d{1,7}: /;

/** Returns each file once, for a test file or package that failed as a whole; none if the compiler says that it left out errors. */
export function compileErrorFiles({ name, message = '' }: Pick<TestCase, 'name' | 'message'>): string[] {
  if (!/(?:^|> )\(file\)$/.test(name) || message.includes('too many errors')) return [];
  return [...new Set(message.split('\n').flatMap((line) => PLACE.exec(line)?.[1] ?? []))];
}
