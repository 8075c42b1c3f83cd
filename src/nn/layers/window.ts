/** @file How sliding windows are described in JSON: kernel, stride, padding and dilation as [vertical, horizontal]. */
import { z } from 'zod';

/** A number of channels, groups or features. */
export const sizeSchema = z.int().min(1);

const pairOf = (minimum: number) => z.tuple([z.int().min(minimum), z.int().min(minimum)]).readonly();

export const kernelSchema = pairOf(1);
export const strideSchema = pairOf(1);
export const dilationSchema = pairOf(1);
export const paddingSchema = pairOf(0);
