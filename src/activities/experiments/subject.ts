/**
 * What experiments are about: the measured candidate, what its change offers, and what its runs are compared with. Types only.
 */
import type { BudgetWish } from '../../domain/experiments/budget';
import type { Reference } from '../../domain/experiments/compare';
import type { AskedUnit, ExperimentFinding } from '../../domain/experiments/judge';
import type { TestUnit } from '../../domain/experiments/perturbed';
import type { ReportedSeries, SeriesName } from '../../domain/experiments/report';
import type { WithoutChange } from '../../domain/evidence/control';
import type { Named } from '../../domain/evidence/criteria';
import type { LaidFile, TestRun } from '../../ports/test-runner';
import type { TestMethod } from '../testing/run-tests';
import type { Series } from './ask';
import type { Material } from './material';

export interface Candidate {
  method: TestMethod;
  commit: string;
  /** The Test Auditor's files, and the other test files that the change adds or alters. */
  locked: LaidFile[];
  changedTests: LaidFile[];
  /** Settings of the base commit. */
  laid: LaidFile[];
  /** The run with nothing broken. */
  run: TestRun;
  /** Tests that fail at the base too, or now and then. */
  known: Named[];
  /** Tests that passed at the base. */
  old: Named[];
  /** What each test did without the change; null where that was not asked. */
  without: WithoutChange | null;
  /** True for a path that holds tests, not code of the product. */
  isTest(path: string): boolean;
  /** The plan promises nothing new. */
  keepsAll: boolean;
  wish: (BudgetWish & { floor_percent?: number | undefined }) | undefined;
}

/** Where the candidate stands, what was found in it, and what all experiments share. */
export interface Subject {
  candidate: Candidate;
  material: Material;
  series: Series;
  reference: Reference;
  /** How what would accuse is asked again: with all tests, where `series` runs only those of the change. */
  whole: { series: Series; reference: Reference };
}

/** Everything that was seen, before it is bounded. */
export interface Seen {
  subject: Subject;
  tests: AskedTests;
  units: AskedUnit[];
  findings: ExperimentFinding[];
  notes: string[];
  /** What each series did, for its page of the evidence. */
  series: Record<SeriesName, ReportedSeries>;
}

export interface AskedTests {
  tests: TestUnit[];
  red: number;
  /** Tests that no changed expectation turned red. */
  hollow: Array<{ finding: ExperimentFinding; runs: TestUnit['runs']; isPerturbed: boolean }>;
  notes: string[];
}
