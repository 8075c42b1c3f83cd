/** @file What a dataset is: images as bytes, their labels, and three splits. */

/** Images of one split, all of one size. */
export interface Images {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** `count` × `channels` × `height` × `width` bytes, image by image and channel by channel, 0 to 255. */
  readonly pixels: Uint8Array;
  /** One class index an image. */
  readonly labels: Uint16Array;
}

/** Images of classes in three splits, with what readers should know of them. */
export interface Dataset {
  readonly name: string;
  readonly classes: readonly string[];
  /** Where the images come from, in one sentence. */
  readonly origin: string;
  /** How the splits came about, in one sentence; printed wherever an accuracy is. */
  readonly split: string;
  /** Whether a mirrored image still shows its class (clothes: yes; digits: no). */
  readonly mirrorInvariant: boolean;
  /** What the user should know, such as broken images that were skipped. */
  readonly notices: readonly string[];
  readonly train: Images;
  readonly valid: Images;
  readonly test: Images;
}
