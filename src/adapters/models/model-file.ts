/**
 * Reads a JSON file of settings by model: `{"<provider>:<id>": {…}, "<provider>:*": {…}}`.
 */
import type { z } from 'zod';
import { PROVIDERS } from './providers';

const namePattern = new RegExp(`^(?:${PROVIDERS.map(({ name }) => name).join('|')}):.+$`);

/** `form`: added to the message of a wrong value. `wrong`: why the text cannot be used, in one line with the model, the field and the expected value. */
export function readByModel<S extends z.ZodType>(
  text: string,
  schema: S,
  form = '',
): { entries: Array<[string, z.output<S>]> } | { wrong: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { wrong: 'it is not JSON' };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { wrong: 'it is not a JSON object' };
  const entries: Array<[string, z.output<S>]> = [];
  for (const [name, value] of Object.entries(json)) {
    if (!namePattern.test(name)) return { wrong: `"${name}" names no model: write <provider>:<id> or <provider>:*` };
    const parsed = schema.safeParse(value);
    if (!parsed.success) return { wrong: `${name}: ${firstIssue(parsed.error)}${form}` };
    entries.push([name, parsed.data]);
  }
  return { entries };
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message}`;
}
