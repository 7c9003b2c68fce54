/**
 * Gate `secrets`: no secret in a line that the change adds. The reason names rule and place, never the secret.
 */
import type { ChangeFacts } from './facts';
import { verdict } from './verdict';
import type { GateVerdict } from './verdict';

export function judgeSecrets({ secrets }: Pick<ChangeFacts, 'secrets'>): GateVerdict {
  const { findings, isWhole } = secrets;
  const found = findings.map(
    ({ path, line, rule }) => `${path}:${line} holds what looks like a secret (${rule}); read it from the environment`,
  );
  return verdict('secrets', isWhole ? found : [...found, 'the change is too large to be searched for secrets']);
}
