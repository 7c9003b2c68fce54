/**
 * `edit_plan`: a person replaces the plan while it waits for its approval. The gate opens anew, with the new plan on its page.
 *
 * PUT plan checks the plan by its schema, stores it in the artifact store and sends its digest in this command.
 */
import { recordEvent } from '../build/record-event';
import { openPage } from '../people/approval-gate';
import { accept, defineCommand } from './command';
import { digest, optional, readAs, show, text, unreadable } from './fields';
import type { Field } from './fields';
import { refuse } from './refusals';

const bytes: Field<number> = {
  read: ({ field, value }) =>
    Number.isSafeInteger(value) && Number(value) > 0
      ? readAs(Number(value))
      : unreadable(field, `must be the size of the plan in bytes, not ${show(value)}`),
};

export const editPlan = defineCommand({
  name: 'edit_plan',
  path: 'plan',
  hasOwnRoute: true,
  needs: 'operate',
  description: 'a person replaces the plan that waits for its approval; the plan is in the artifact store',
  fields: {
    plan: digest('the new plan'),
    bytes,
    expected_digest: digest('the page that waits for approval (GET approvals)'),
    reason: optional(text, () => ''),
  },
  refusals: {
    'Command.PlanNotOpen': { status: 409, title: 'No plan waits for its approval' },
    'Command.PlanUnchanged': { status: 409, title: 'The plan stays as it is' },
  },
  decide(build, { plan, bytes: size, expected_digest: expected, reason }, cause) {
    const page = openPage(build);
    if (page?.kind !== 'plan') {
      const message = `no plan waits for its approval in "${build.state}"; a plan is edited while plan_approval is open (gates.plan of the start request)`;
      return refuse(build, { type: 'Command.PlanNotOpen', message, legal: ['rollback'] });
    }
    if (page.digest !== expected) {
      const message = `the page was made anew meanwhile: it is ${page.digest}; read GET approvals again`;
      return refuse(build, { type: 'Command.Stale', message, field: 'expected_digest', legal: [page.digest] });
    }
    const former = build.outputs.planning?.digest ?? null;
    if (former === plan) {
      const message = 'the plan is the one that the build has; approve it, or change it';
      return refuse(build, { type: 'Command.PlanUnchanged', message, field: 'plan', legal: ['approve'] });
    }
    const planning = { digest: plan, bytes: size, source: 'person' as const, by: cause.actor, at: cause.now };
    const next = { ...build, outputs: { ...build.outputs, planning }, revision: build.revision + 1 };
    return accept(recordEvent(next, cause, { type: 'plan_edited', data: { plan, former_plan: former, reason } }));
  },
});
