/**
 * Types of the experiments: the measured commit (the candidate), the material of its change, and the reference of its runs. A unit or a
 * test is `asked` if an experiment with it was run, and `noticed` if a test failed in that experiment.
 */
import type { RequestedBudget } from '../../domain/experiments/budget';
import type { Reference } from '../../domain/experiments/compare';
import type { AskedUnit, ExperimentFinding } from '../../domain/experiments/judge';
import type { TestUnit } from '../../domain/experiments/perturbed';
import type { ReportedSeries, SeriesName } from '../../domain/experiments/report';
import type { WithoutChange } from '../../domain/evidence/control';
import type { Named } from '../../domain/evidence/criteria';
import type { LaidFile, TestRun } from '../../ports/test-runner';
import type { TestMethod } from '../testing/run-tests';
import type { Series } from './run-experiment';
import type { Material } from './material';

export interface Candidate {
  method: TestMethod;
  commit: string;
  /** The Test Auditor's files. */
  locked: LaidFile[];
  /** The other test files that the change adds or alters. */
  changedTests: LaidFile[];
  /** Settings files of the base commit. */
  laid: LaidFile[];
  /** The run with nothing broken. */
  run: TestRun;
  /** Tests that fail at the base too, or that are flaky. */
  known: Named[];
  /** Tests that passed at the base. */
  old: Named[];
  /** The result of each test without the change; null where no control ran. */
  without: WithoutChange | null;
  /** True for a test file, false for code of the product. */
  isTest(path: string): boolean;
  /** True where every criterion of the plan keeps existing behaviour. */
  keepsAll: boolean;
  overrides: (RequestedBudget & { floor_percent?: number | undefined }) | undefined;
}

/** The input that all experiments share. */
export interface Subject {
  candidate: Candidate;
  material: Material;
  series: Series;
  reference: Reference;
  /** The series of all tests. It tries a break again that `series`, which may run a part of the tests, did not notice. */
  allTests: { series: Series; reference: Reference };
}

/** All results, before `keepSummary` limits them. */
export interface ExperimentResults {
  subject: Subject;
  tests: AskedTests;
  units: AskedUnit[];
  findings: ExperimentFinding[];
  notes: string[];
  /** The runs and notes of each series, for the report. */
  series: Record<SeriesName, ReportedSeries>;
}

export interface AskedTests {
  tests: TestUnit[];
  /** The number of tests that failed with another expected value. */
  red: number;
  /** Tests that no changed expectation turned red. */
  neverFailing: Array<{ finding: ExperimentFinding; runs: TestUnit['runs']; isPerturbed: boolean }>;
  notes: string[];
}
