/** @file Tells by its first bytes what a file is that was taken for an image. */

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** Signatures as the formats' specifications give them: [what the file is, the bytes as text, where they stand]. */
const signatures: readonly (readonly [string, string, number])[] = [
  ['a JPEG', '\xff\xd8\xff', 0],
  ['a PNG', '\x89PNG\r\n\x1a\n', 0],
  ['a WebP', 'WEBP', 8],
  ['a BMP', 'BM', 0],
  ['a GIF', 'GIF8', 0],
  ['a TIFF', 'II*\0', 0],
  ['a TIFF', 'MM\0*', 0],
  ['an AVIF', 'ftypavif', 4],
  ['a HEIC', 'ftyphe', 4],
  ['a HEIF', 'ftypmif1', 4],
  ['a JPEG 2000', '\0\0\0\x0cjP  ', 0],
  ['a JPEG 2000', '\xff\x4f\xff\x51', 0],
  ['a JPEG XL', '\xff\x0a', 0],
  ['a JPEG XL', '\0\0\0\x0cJXL ', 0],
  ['an icon (ICO)', '\0\0\x01\0', 0],
  ['a Photoshop file (PSD)', '8BPS', 0],
  ['a DICOM', 'DICM', 128],
  ['a netpbm image', 'P5', 0],
  ['a netpbm image', 'P6', 0],
  ['a PDF', '%PDF', 0],
  ['a ZIP archive', 'PK\x03\x04', 0],
  ['a gzip file', '\x1f\x8b', 0],
  ['a pointer of Git LFS, without the image itself', 'version https://git-lfs', 0],
];

/** What a file with these first bytes is, with its article, such as 'a BMP'; `null` where it is none of those known. */
export function fileKind(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'an empty file';
  const known = signatures.find(([, text, at]) => latin1(bytes, at, at + text.length) === text);
  if (known !== undefined) return known[0];
  const start = latin1(bytes, 0, 512).toLowerCase();
  if (/^(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)?<(!doctype html|html|head|body)\b/s.test(start)) return 'a web page (HTML)';
  return /^(\xef\xbb\xbf)?\s*(<\?xml.*?>\s*)?<svg\b/s.test(start) ? 'an SVG' : null;
}
