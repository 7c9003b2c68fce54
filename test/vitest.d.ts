/**
 * Declares the part of vitest that the sentinel's guard uses. The builds install vitest; this repository does not.
 */
declare module 'vitest' {
  export function afterEach(run: () => void): void;
  export function afterAll(run: () => void): void;
  export const expect: unknown;
}
