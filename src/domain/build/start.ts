/**
 * The start of a build: the members that the start request gives, as plain JSON.
 */
import type { Gates, QuestionPolicy } from '../people/policy';
import type { Budget } from '../money/budget';
import type { Role, RoleMode } from '../roles';
import type { NoticeTarget } from '../notices/notice';
import type { Sender } from './sender';

export interface BuildStart {
  projectId: string;
  buildId: string;
  userId: string;
  /** The request's sentence, cut to 200 characters, for lists. */
  title: string;
  /** Digest of the start request in the artifact store: requirements, metadata and options in full. */
  request: string;
  /** Key of the original start request, also after it is amended; part of the name of everything that the build adopts. Absent in older builds. */
  requestKey?: string;
  /** The branch of the given repository to which the result is written; absent without a repository, or if no result is wanted. */
  resultBranch?: string;
  /** The build has a repository, and the worker reports on it before the first role works, also if that role is external. Absent in older builds. */
  looksFirst?: true;
  roles: Record<Role, RoleMode>;
  /** How often a phase may be done again before the build waits for a person. */
  retriesPerPhase: number;
  /** How often the same sign is measured before the build counts as stuck. Absent in older builds: they are not measured. */
  stuckAfter?: number;
  /** Percent of the changed lines that tests must run; absent: `COVERAGE_FLOOR_PERCENT`. */
  coverageFloorPercent?: number;
  /** The approvals that the build needs before it is implemented and before it is released. Absent: none, and in older builds. */
  gates?: Gates;
  /** How questions to people are handled. Absent: second answers are refused, and nobody is reminded. */
  questionPolicy?: QuestionPolicy;
  /** The caps of the build. Absent in builds that older versions started: these have no limit. */
  budget?: Budget;
  /** 1 (first) to 5; absent: 3. Of waiting tasks, the worker gets those of a lower number first. */
  priority?: number;
  /** The sender of the start request, by token; absent if no token was required, and in older builds. */
  startedBy?: Sender;
  /** The targets of notices. Absent without one, and in older builds: such a build sends none. */
  notify?: NoticeTarget[];
  /** ISO 8601. */
  createdAt: string;
}
