/**
 * Errors of the system by their code.
 */

/** Asks for the code alone: an error of node's own modules is not always an `instanceof Error` of this realm. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
