/**
 * Stores the bytes of a model's answer while they arrive, so that a worker which takes over from a killed one need not pay for the
 * same call again.
 */
export interface AnswerJournals {
  /** `key`: the key of the model call. */
  of(key: string): AnswerJournal;
}
export interface AnswerJournal {
  /** Gives the stored answers, complete or not, the newest first. */
  load(): Promise<HeardAnswer[]>;
  /** Begins an answer. The returned function stores bytes of it at once, so that they survive the end of the process. */
  begin(head: HeardHead): (bytes: Uint8Array) => void;
  /** Removes the journal, once the complete answer is stored elsewhere. */
  remove(): Promise<void>;
}
export interface HeardHead {
  /** SHA-256 of the request's body: the answer is valid for this request only. */
  request: string;
  contentType: string;
}
export interface HeardAnswer extends HeardHead {
  body: Uint8Array;
}
