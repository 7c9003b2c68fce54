/**
 * Gate `secrets`: no secret in a line that the change adds. The reason names rule and place, never the secret.
 */
import type { ChangeFacts } from './facts';
import type { Gate, Judged } from './gate';

export const secrets = {
  name: 'secrets',
  phase: ['verification'],
  judges: ['change'],
  judge,
} as const satisfies Gate<'change'>;

function judge({ secrets: searched }: ChangeFacts): Judged {
  const { findings, isWhole } = searched;
  const found = findings.map(
    ({ path, line, rule }) => `${path}:${line} holds what looks like a secret (${rule}); read it from the environment`,
  );
  return { reasons: isWhole ? found : [...found, 'the change is too large to be searched for secrets'] };
}
