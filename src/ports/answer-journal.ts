/**
 * The bytes of a model's answer, kept while they come: a worker that takes over from a killed one need not ask, and pay, again.
 */
export interface AnswerJournals {
  /** `key`: of the call. */
  of(key: string): AnswerJournal;
}
export interface AnswerJournal {
  /** What was heard before, whole or not, the newest first; empty where nothing was. */
  load(): Promise<HeardAnswer[]>;
  /** An answer has begun. What is given to the function that this gives outlives the process at once. */
  begin(head: HeardHead): (bytes: Uint8Array) => void;
  /** The answer is stored as a whole. */
  remove(): Promise<void>;
}
export interface HeardHead {
  /** sha256 of the request's body: of another request the answer is none. */
  request: string;
  contentType: string;
}
export interface HeardAnswer extends HeardHead {
  body: Uint8Array;
}
