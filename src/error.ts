/** @file The errors that are meant for the user: one clear sentence, and what to do next. */

/**
 * Wrong usage or configuration: which option, the value found, the values allowed. The CLI exits with 2.
 * `message` is one or two whole sentences that a user understands without seeing the code.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The work itself failed: what failed and what to do about it. The CLI exits with 1. */
export class WorkError extends Error {
  override readonly name = 'WorkError';
}

/** The message of anything thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The first line of the message of anything thrown, without a full stop: what fits into a sentence. */
export const firstLineOf = (thrown: unknown): string => messageOf(thrown).split('\n', 1)[0]?.replace(/\.$/, '') ?? '';
