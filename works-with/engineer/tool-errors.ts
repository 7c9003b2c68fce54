/**
 * The answers of tools that begin with `error:`, as a model saw them in its requests.
 */
import { textOf } from './mock-server';
import type { Heard } from './mock-server';

/** Each once, with the tool that was called. */
export function errorsIn(heard: readonly Heard[]): string[] {
  const found = heard.flatMap(({ phase, messages }) => {
    const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
    return messages
      .filter(({ role, content }) => role === 'tool' && textOf(content).startsWith('error:'))
      .map(({ tool_call_id, content }) => {
        const name = calls.find(({ id }) => id === tool_call_id)?.function.name ?? 'a tool';
        return `${phase}, ${name}: ${textOf(content)}`;
      });
  });
  return [...new Set(found)];
}
