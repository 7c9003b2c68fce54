/**
 * The progress of a running activity, carried in its heartbeat and shown by `status`. Types only.
 */

export interface Progress {
  /** `at_most`: the number of runs in the budget, or the number of finished runs if repeated runs exceeded it. */
  experiments?: { answered: number; at_most: number };
  step?: StepProgress;
}

/** The current step of a role. Null members: not applicable, or not known. */
export interface StepProgress {
  /** The number of the model call in the attempt, from 1. */
  number: number;
  /** The running tool; null while the model is called. */
  tool: string | null;
  /** The file or folder argument of the tool. */
  path: string | null;
  /** Finished model calls of this attempt, and their tokens. */
  calls: number;
  input_tokens: number | null;
  output_tokens: number | null;
  /** `provider:id` of the model that is called, or was called last. */
  model: string | null;
  /** When this step began, ISO 8601. */
  since: string;
}
