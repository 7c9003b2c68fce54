/**
 * The next expected action of a build, in words: who does what.
 */
import { approvalsOf, awaitedGate, decidersOf, openPage, quorumOf } from '../people/approval-gate';
import { openQuestions } from '../people/questions';
import type { ApprovalGate } from '../people/approval-gate';
import { expiryOf } from '../people/gate-due';
import { APPROVAL_GATES } from '../people/policy';
import { ROLE_TITLE, isPhase } from '../roles';
import type { Role } from '../roles';
import { ownerOf } from '../states';
import type { BuildFailure } from './failure';
import { releaseStateOf } from './pending-effects';
import type { BuildState } from './state';
import { isMakingFirstReport } from './status';
import { budgetGateOf } from './budget-gate';
import { budgetExpectation } from './budget-expects';
import { waitOf } from './wait';

export interface Expectation {
  role: Role | null;
  task: string;
  /** Until when the decision must come (ISO 8601); null if nothing expires. */
  deadline: string | null;
}

/** The expectation of a complete build without a release. Memos of older workers call such a build live. */
export const NOTHING_RELEASED = 'Nothing: the build is complete; nothing was released';

function nothingReleased({ notReleased }: BuildState): string {
  return notReleased === undefined ? NOTHING_RELEASED : `${NOTHING_RELEASED} (${notReleased})`;
}

/** The next expected action, and the role or person who takes it, in words. */
export function expectationOf(build: BuildState): Expectation {
  const expect = (role: Role | null, task: string): Expectation => ({ role, task, deadline: null });
  if (build.owed.releaseHanded === true)
    return expect(null, 'The orchestrator measures, judges and releases what was handed over');
  if (build.cancelled) return expect(null, 'Nothing: the build was cancelled');
  if (build.state === 'complete') {
    const isReleased = build.release !== null;
    return expect(null, isReleased ? 'Nothing: the build is live' : nothingReleased(build));
  }
  if (build.paused) return expect(null, 'A person resumes the build');
  if (releaseStateOf(build) === 'rollback_failed') {
    return expect(null, 'A person looks at production; retry, rollback and cancel each try to put it back first');
  }
  if (build.state === 'error') return expect(null, decisionOn(build.failure));
  const { state } = build;
  const role = ownerOf(state);
  const page = openPage(build);
  if (awaitedGate(build) !== null)
    return page === null
      ? expect(null, 'The orchestrator makes the page of the approval gate')
      : decisionAt(build, page);
  if (build.questions.length > 0) {
    const ids = openQuestions(build)
      .map(({ id }) => id)
      .join(', ');
    return expect(role, `A person answers the open questions: ${ids}`);
  }
  if (isMakingFirstReport(build))
    return expect(
      role,
      `The orchestrator looks at the repository first; an advance from role "${role}" is taken at once`,
    );
  if (build.roles[role] === 'external') {
    return expect(role, `${role} is external: waits for advance with completed_state "${state}" from role "${role}"`);
  }
  const gate = budgetGateOf(build);
  if (gate !== null) return expect(null, budgetExpectation(build, gate));
  const wait = waitOf(build);
  if (wait !== null)
    return expect(role, `${ROLE_TITLE[role]} waits for its provider until ${wait.until}; resume asks again now`);
  const attempt = isPhase(state) ? `, attempt ${build.attempts[state]}` : '';
  return expect(role, `${ROLE_TITLE[role]} works on ${state}${attempt}`);
}

/** The decision that an approval gate waits for, by whom, and until when. */
function decisionAt(build: BuildState, page: ApprovalGate): Expectation {
  const deciders = decidersOf(build, page);
  const missing = quorumOf(build, page.kind) - approvalsOf(build, page).length;
  const who = deciders === null ? 'A person' : deciders.join(', ').slice(0, NAMES_SHOWN_CHARS);
  const more = missing > 1 ? `, ${missing} approvals are missing` : '';
  const task = `${who} approves or rejects ${APPROVAL_GATES[page.kind].name} (GET approvals)${more}`;
  return { role: null, task, deadline: expiryOf(build, page) };
}

const NAMES_SHOWN_CHARS = 120;

function decisionOn({ type, isBeforeWork }: BuildFailure): string {
  if (isBeforeWork === true)
    return `A person mends what the failure names, here or by PATCH request; then request-retry, or cancel (${type})`;
  if (type === 'Decision.Needed')
    return 'A person approves or rejects each finding (GET approvals); or retry, rollback, cancel';
  return `A person decides: retry, rollback or cancel (${type})`;
}
