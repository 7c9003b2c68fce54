/** Escapes a text for use in a regular expression, so that it matches only itself. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
