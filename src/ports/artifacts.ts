/**
 * The artifact store: content by digest.
 */
/** Content-addressed store. A digest is `sha256:` and 64 hex digits. */
export interface ArtifactStore {
  put(content: string | Uint8Array): Promise<ArtifactRef>;
  /** Throws Failure `Artifact.Missing` where the digest is unknown or malformed. */
  get(digest: string): Promise<Buffer>;
}
/** Takes content out of the store for good. */
export interface ArtifactExchange {
  /** From now on who asks for the digest gets `content`; what was there is gone, and is not kept again. */
  exchange(digest: string, content: string): Promise<ArtifactRef>;
}
export interface ArtifactRef {
  digest: string;
  bytes: number;
}
