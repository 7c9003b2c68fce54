/**
 * Input and output of the activity that makes the page of an approval gate. Types only.
 */
import type { BuildState } from '../domain/build/state';
import type { Amounts } from '../domain/money/amounts';
import type { Budget } from '../domain/money/budget';
import type { Forecast } from '../domain/money/forecast';
import type { GateKind } from '../domain/people/policy';
import type { Assumption } from '../domain/people/questions';
import type { SurveyRef } from '../domain/repository-report';

/** Everything that the page of an approval gate shows, by digest where it is large. */
export interface ApprovalTask extends Pick<
  BuildState,
  | 'projectId'
  | 'buildId'
  | 'requestKey'
  | 'request'
  | 'generation'
  | 'outputs'
  | 'base'
  | 'commit'
  | 'evidence'
  | 'locked'
> {
  kind: GateKind;
  /** The number of the page in this build. */
  opening: number;
  assumptions: Assumption[];
  survey: SurveyRef | null;
  /** The caps of the build; null: none. */
  budget: Budget | null;
  spent: Amounts;
  /** Null: not known. */
  forecast: Forecast | null;
}
export interface StoredPage {
  digest: string;
  /** One line. */
  summary: string;
  /** The commit that the page of a release shows. */
  commit?: string;
}
