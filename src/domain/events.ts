/**
 * The closed list of audit events, each with its meaning.
 *
 * Stored builds and records contain these names: never rename or remove one.
 */
export const EVENTS = {
  started: 'the build began',
  advanced: 'a phase was completed, or a handoff passed',
  completed: 'the last phase was completed',
  sent_back: 'the work goes back to the Code Writer',
  repeated: 'a phase is done again because its own output fell short',
  asked: 'the Q Assistant asks a person',
  answered: 'a person answered',
  stuck: 'the same came out again, and what is tried next, at what price at most',
  failed: 'the build waits for a person in `error`',
  retried: 'a person had a phase done again',
  rolled_back: 'a person took the build back to an earlier phase',
  approved: 'a person lifted a finding',
  rejected: 'a person rejected a finding',
  continued: 'every finding is decided, so the build goes on',
  amended: 'a person replaced the start request',
  paused: 'nothing new is begun',
  resumed: 'work goes on after a pause',
  waiting: 'a provider asks to wait, and until when',
  over_budget: 'a budget does not allow the next call, and the build waits for more',
  budget_raised: 'a person raised the budget',
  budget_returned: 'the budget of the project allows the next call again',
  cancelled: 'a person ended the build',
  refused: 'a signal could not be carried out',
  released: 'what roles outside handed over passed the gates and is live',
  not_released: 'nothing of a complete build went live, and why',
  release_restored: 'the release before this one is live again',
  rollback_failed: 'production could not be put back',
  result_written: 'the result is a branch in the given repository',
  result_not_written: 'the result could not be written into the given repository',
  gate_opened: 'a gate waits for the approval of a page, named by its digest',
  gate_passed: 'enough persons have approved the page, and the build goes on',
  reminded: 'the time after which people are reminded is over',
  escalated: 'the time after which others are asked is over',
  expired: 'nobody has decided in time',
  delegated: 'an approver named somebody to decide instead',
  plan_edited: 'a person replaced the plan',
  noted: 'a person left a note for the next step of a role',
  answer_replaced: 'a person answered a question again',
  assumed: 'an optional question was not answered, so its assumption holds',
  undo_failed: 'an abandoned effect could not be undone',
} as const satisfies Record<string, string>;

export type EventType = keyof typeof EVENTS;
