/** @file Whether this processor has ONNX Runtime's blocked kernels, found out by a probe. */

/** Channels in a block of the processor's own layout, or `null` where there are no such kernels. */
export async function blockSize(): Promise<number | null> {
  return null;
}
