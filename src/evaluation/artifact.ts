/** @file Artefacts: what evaluations make that is larger than a number, such as weights, checkpoints and supernets. */

/** Refers to bytes by what they are: equal bytes have equal digests. */
export interface Artifact {
  /** SHA-256, in small hexadecimal letters. */
  readonly digest: string;
}

/** Artefacts by the names under which an evaluation gives them. */
export type Artifacts = { readonly [name: string]: Artifact };

/** Where artefacts are kept. */
export interface ArtifactStore {
  /** Keeps these bytes; when it is done, they are on the disk. */
  put(bytes: Uint8Array): Promise<Artifact>;
  /** @throws {WorkError} where they are gone or damaged */
  get(artifact: Artifact): Promise<Uint8Array>;
}
