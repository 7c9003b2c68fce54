/**
 * Recognises system errors by their code, such as `ENOENT`.
 */

/** Checks only the code, because an error of Node's modules is not always an `instanceof Error` of this realm. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
