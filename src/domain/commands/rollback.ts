/**
 * `rollback`: returns to an earlier phase and begins a new generation from that phase's checkpoint.
 */
import { rollBackTo } from '../build/moves';
import { rollbackTargets } from '../transitions';
import { accept, defineCommand } from './command';
import { phase, text } from './fields';
import { refuse } from './refusals';

export const rollback = defineCommand({
  name: 'rollback',
  path: 'rollback',
  needs: 'operate',
  description: 'back to an earlier phase, as a new generation',
  fields: { target_state: phase, reason: text },
  refusals: { 'Command.IllegalRollback': { status: 409, title: 'The build cannot be rolled back there' } },
  decide(build, { target_state: target, reason }, cause) {
    const legal = rollbackTargets(build.state, build.failure?.reached ?? null);
    if (!legal.includes(target)) {
      const message = `target_state "${target}" is not an earlier phase than "${build.state}"; ${legal.join(', ') || 'none'} can be`;
      return refuse(build, { type: 'Command.IllegalRollback', message, field: 'target_state', legal });
    }
    return accept(rollBackTo(build, { ...cause, target, reason, notes: reason, eventData: { reason, target } }));
  },
});
