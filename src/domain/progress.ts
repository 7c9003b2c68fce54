/**
 * What a running activity says of itself, as its heartbeat carries it and `status` shows it. Types only.
 */

export interface Progress {
  /** `at_most`: runs of the budget, or those that were answered where asking again took more. */
  experiments?: { answered: number; at_most: number };
  step?: StepProgress;
}

/** What a role does now. Null: nothing of that kind, or not known. */
export interface StepProgress {
  /** Place of the model call in the attempt, from 1. */
  number: number;
  /** The tool that is carried out; null while the model is asked. */
  tool: string | null;
  /** The file or folder that the tool was called for. */
  path: string | null;
  /** Model calls that were answered in this attempt, and their tokens. */
  calls: number;
  input_tokens: number | null;
  output_tokens: number | null;
  /** `provider:id` of the model that is asked, or has answered. */
  model: string | null;
  /** ISO 8601: since when it does this. */
  since: string;
}
