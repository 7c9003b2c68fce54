/**
 * Finds the answers of tools that begin with `error:`, in the requests that the mock received.
 */
import { textOf } from './mock-server';
import type { ReceivedRequest } from './mock-server';

/** Gives each error once, with the phase and the tool. */
export function errorsIn(requests: readonly ReceivedRequest[]): string[] {
  const errors = requests.flatMap(({ phase, messages }) => {
    const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
    return messages
      .filter(({ role, content }) => role === 'tool' && textOf(content).startsWith('error:'))
      .map(({ tool_call_id, content }) => {
        const name = calls.find(({ id }) => id === tool_call_id)?.function.name ?? 'a tool';
        return `${phase}, ${name}: ${textOf(content)}`;
      });
  });
  return [...new Set(errors)];
}
