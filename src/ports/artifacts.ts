/**
 * The artifact store: stores content under its digest, which is `sha256:` and 64 hex digits. Types only.
 */
export interface ArtifactStore {
  put(content: string | Uint8Array): Promise<ArtifactRef>;
  /** Throws Failure `Artifact.Missing` if the digest is unknown or malformed. */
  get(digest: string): Promise<Buffer>;
}
/** Removes content from the store permanently. */
export interface ArtifactExchange {
  /** Replaces the content of the digest by `content`. The old content is deleted and cannot be stored again. */
  exchange(digest: string, content: string): Promise<ArtifactRef>;
}
export interface ArtifactRef {
  digest: string;
  bytes: number;
}
