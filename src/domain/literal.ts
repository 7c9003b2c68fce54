/** A text as a regular expression that finds exactly it: every sign that means something else there is escaped. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
