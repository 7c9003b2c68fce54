/**
 * `approve`: a person lets exactly that pass which the digest names. A later change needs an approval of its own.
 */
import { note } from '../build/moves';
import { accept, defineCommand } from './command';
import { digest, oneOf, optional, text } from './fields';

/** What a person can approve. */
const APPROVABLE = ['tampering'] as const;
const APPROVALS_LIMIT = 50;

export const approve = defineCommand({
  name: 'approve',
  path: 'approve',
  description: 'lifts exactly what the digest names',
  fields: {
    gate: oneOf(APPROVABLE, APPROVABLE.join(' or ')),
    digest: digest('what is approved'),
    reason: optional(text, () => ''),
  },
  refusals: {},
  decide(build, { gate, digest, reason }, cause) {
    const others = build.approvals.filter((one) => one.gate !== gate || one.digest !== digest);
    const approvals = [...others, { gate, digest, actor: cause.actor, at: cause.now }].slice(-APPROVALS_LIMIT);
    const next = { ...build, approvals, revision: build.revision + 1 };
    return accept(note(next, cause, { type: 'approved', data: { gate, digest, reason } }));
  },
});
