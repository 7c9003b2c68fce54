/**
 * `verifies('2.3')` before a test declares that the test shows statement 2.3 of docs/contract.md. map.test.ts reads these calls
 * as text.
 */

/** The ids of docs/contract.md. */
export const STATEMENTS = [
  ...(['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8', '1.9', '1.10', '1.11', '1.12', '1.13'] as const),
  ...(['2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8'] as const),
  ...(['3.1', '3.2', '3.3', '3.4'] as const),
  ...(['4.1', '4.2', '4.3', '4.4', '4.5', '4.6', '4.7', '4.8', '4.9', '4.10'] as const),
  ...(['5.1', '5.2', '5.3', '5.4'] as const),
  ...(['6.1', '6.2', '6.3', '6.4', '6.5', '6.6', '6.7', '6.8'] as const),
  ...(['7.1'] as const),
  ...(['8.1', '8.2', '8.3', '8.4', '8.5', '8.6', '8.7', '8.8', '8.9', '8.10'] as const),
  ...(['9.1', '9.2', '9.3', '9.4', '9.5', '9.6', '9.7', '9.8', '9.9', '9.10', '9.11', '9.12', '9.13', '9.14'] as const),
  ...(['9.15', '9.16', '9.17', '9.18'] as const),
];
export type Statement = (typeof STATEMENTS)[number];

/** Throws for an id that docs/contract.md does not have: a file of tests that cites one does not run. */
export function verifies(...ids: [Statement, ...Statement[]]): void {
  const unknown = ids.filter((id) => !STATEMENTS.includes(id));
  if (unknown.length > 0) throw new Error(`docs/contract.md has no statement ${unknown.join(', ')}`);
}
