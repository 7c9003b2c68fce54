/**
 * Large values and texts without their secrets. Plain data in and out; what holds none does not travel back. Pure.
 */
import { redactHanded } from '../secrets/handed-over';
import { redactContent, redactValue } from '../secrets/redact';
import type { Found } from '../secrets/redact';

export interface RedactedValue {
  /** Absent where there was nothing to take out. */
  changed?: { value: unknown };
  found: Found[];
}
export interface RedactedText {
  /** Null where there was nothing to take out. */
  text: string | null;
  found: Found[];
  /** Of the text as it was given. */
  isJson: boolean;
}

/** `handed`: the member that holds what a role outside hands over, whose files stay as they are. */
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
