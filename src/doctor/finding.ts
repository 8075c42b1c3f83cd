/** @file What a check of the machine finds. */

export interface Finding {
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; `null` where nothing needs to be done. */
  readonly fix: string | null;
}
