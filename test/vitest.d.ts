/**
 * What the sentinel's guard uses of vitest. The builds have it; this repository does not install it.
 */
declare module 'vitest' {
  export function afterEach(run: () => void): void;
  export function afterAll(run: () => void): void;
  export const expect: unknown;
}
