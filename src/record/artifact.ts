/** @file What an evaluation leaves beside its numbers: weights, checkpoints, supernets, tables, named by their contents. */

/** Stored bytes, as the log refers to them. */
export interface Artifact {
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  readonly digest: string;
}

/** Keeps artefacts: in a folder on this machine, or wherever else evaluations run. */
export interface ArtifactStore {
  /** Stores bytes; equal ones once. When the promise is fulfilled they are safe, and may be referred to. */
  put(bytes: Uint8Array): Promise<Artifact & { readonly bytes: number }>;
  /**
   * The bytes that were stored, checked against their digest.
   *
   * @throws {WorkError} where they are missing or damaged
   */
  get(artifact: Artifact): Promise<Uint8Array>;
}
