/**
 * `reject`: a person does not let a finding pass. A waiting build goes back to the role that can mend it, with the reason.
 */
import { awaitingDecision, note, recover } from '../build/moves';
import { openFindings } from '../build/state';
import { withoutFinding } from '../findings';
import { accept, defineCommand } from './command';
import { FINDING_FIELDS, findOpen } from './open-finding';

export const reject = defineCommand({
  name: 'reject',
  path: 'reject',
  description: 'refuses what the digest names, and sends it back with the reason',
  fields: FINDING_FIELDS,
  refusals: {},
  decide(build, { gate, digest, reason }, cause) {
    const named = findOpen(build, { gate, digest });
    if (named.kind === 'refused') return named;
    const { summary, onReject } = named.finding;
    const why = `${cause.actor} rejected it${reason === '' ? '' : `: ${reason}`}; ${summary}`;
    const findings = withoutFinding(openFindings(build), gate, digest);
    const next = { ...build, findings, feedback: [...build.feedback, why], revision: build.revision + 1 };
    const noted = note(next, cause, { type: 'rejected', data: { gate, digest, reason } });
    if (!awaitingDecision(noted)) return accept(noted);
    if (onReject === null) {
      const failure = { ...noted.failure, type: 'Decision.Rejected' as const, message: why.slice(0, 1_000) };
      return accept({ ...noted, failure });
    }
    const passage = { ...cause, event: 'sent_back' as const, notes: why.slice(0, 300) };
    return accept(recover(noted, { ...passage, target: onReject, feedback: [why] }));
  },
});
