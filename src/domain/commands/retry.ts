/**
 * `retry`: repeats the previous phase; in `error`, it repeats the failed phase with a full number of retries.
 */
import { retryFromError, sendBack } from '../build/moves';
import { nextRoleOf, ownerOf } from '../states';
import { retryTarget } from '../transitions';
import { accept, defineCommand } from './command';
import { optionalRole, text } from './fields';
import { refuse } from './refusals';

export const retry = defineCommand({
  name: 'retry',
  path: 'request-retry',
  needs: 'operate',
  description: 'the previous role does its work again; from error, the phase that failed',
  fields: { reason: text, role: optionalRole },
  refusals: { 'Command.IllegalRetry': { status: 409, title: 'Nothing can be retried here' } },
  decide(build, { reason, role }, cause) {
    const target = retryTarget(build.state, build.failure?.phase ?? null);
    if (target === null) {
      const message = `nothing came before "${build.state}" that could be done again; retry is possible from implementation on`;
      return refuse(build, { type: 'Command.IllegalRetry', message, legal: ['rollback', 'cancel'] });
    }
    const actingRoles = build.state === 'error' ? [ownerOf(target)] : [ownerOf(build.state), nextRoleOf(build.state)];
    if (role !== null && !actingRoles.includes(role)) {
      const legal = actingRoles.filter((one) => one !== null);
      const message = `role "${role}" does not act in "${build.state}"; ${legal.join(', ')} does`;
      return refuse(build, { type: 'Command.WrongRole', message, field: 'role', legal });
    }
    const passage = { ...cause, event: 'retried' as const, notes: reason, eventData: { reason, target } };
    const move = build.state === 'error' ? retryFromError : sendBack;
    // The phase had not begun, so the role still has to answer its earlier feedback.
    if (build.failure?.isBeforeWork === true)
      return accept(move(build, { ...passage, target, feedback: build.feedback }));
    // The role must answer both the failure and the person's reason.
    const feedback = build.failure === null ? [] : [`it failed before: ${build.failure.message}`];
    return accept(move(build, { ...passage, target, feedback: [reason, ...feedback] }));
  },
});
