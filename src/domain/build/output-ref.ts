/**
 * The reference to a phase's output in the artifact store.
 */

/** Names a phase's output in the artifact store, and how trustworthy it is. */
export interface OutputRef {
  digest: string;
  bytes: number;
  /** `measured`: the orchestrator observed it. `model`: the role's model stated it. `claimed`: an external role stated it. `person`: a person edited it. */
  source: 'measured' | 'model' | 'claimed' | 'person';
  by: string;
  at: string;
}
