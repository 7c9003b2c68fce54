/**
 * Gate `secrets`: the change adds no secret in lines, files or commit messages, and no comment that tells scanners to skip a line. Reasons name the rule and the place, never the secret.
 */
import type { ChangeFacts, SecretFinding } from './facts';
import type { Gate, GateResult } from './gate';

export const secrets = {
  name: 'secrets',
  phase: ['verification'],
  judges: ['change'],
  page: {
    expected: 'No added line, file or commit message holds a secret, and no mark tells a scanner to look away.',
    helps: 'Revoke the secret, read it from the environment, and write the commit anew without it; take the mark out.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ secrets: { findings, isWhole } }: ChangeFacts): GateResult {
  const places = findings.map(describe);
  return { reasons: isWhole ? places : [...places, 'the change is too large to be searched for secrets'] };
}

function describe({ path, line, rule, of }: SecretFinding): string {
  if (of === 'mark') return `${path}:${line} has ${rule}: no line is excepted from the search, so take the mark out`;
  if (of === 'file') return `${path} is ${rule}: take it out of the repository, and out of every commit`;
  const place = of === 'message' ? `${path}, line ${line},` : `${path}:${line}`;
  return `${place} holds what looks like a secret (${rule}); ${of === 'message' ? 'write the commit again' : 'read it from the environment'}`;
}
