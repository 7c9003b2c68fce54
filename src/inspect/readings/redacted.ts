/**
 * Removes secrets from large values and texts. Takes and returns plain data; unchanged values are not sent back. Pure.
 */
import { redactHanded } from '../secrets/handed-over';
import { redactContent, redactValue } from '../secrets/redact';
import type { Found } from '../secrets/redact';

export interface RedactedValue {
  /** Absent if no secret was found. */
  changed?: { value: unknown };
  found: Found[];
}
export interface RedactedText {
  /** Null if no secret was found. */
  text: string | null;
  found: Found[];
  /** Whether the original text is JSON. */
  isJson: boolean;
}

/** `handed`: the member that contains the answer of an external role. The files in that answer stay unchanged. */
export function redactedValue({ value, handed }: { value: unknown; handed?: string | undefined }): RedactedValue {
  const redacted = handed === undefined ? redactValue(value) : redactHanded(value, handed);
  return { found: redacted.found, ...(redacted.value === value ? {} : { changed: { value: redacted.value } }) };
}

export function redactedText(given: string): RedactedText {
  const { text, found } = redactContent(given);
  return { text: found.length === 0 ? null : text, found, isJson: isJson(given) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
