/** @file Short programs that run an exported model, for its card. */

export interface UsageExample {
  /** Name of the ONNX file. */
  readonly file: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly classes: readonly string[];
}

/** For Node.js: onnxruntime-node, and sharp to read an image file. */
export function nodeExample(example: UsageExample): string {
  const { file, channels, height, width } = example;
  return `import * as ort from 'onnxruntime-node';
import sharp from 'sharp';

${classLine(example)}
const [channels, height, width] = [${channels}, ${height}, ${width}];
const session = await ort.InferenceSession.create(${literal(`./${file}`)});

const bytes = await sharp('image.png')
  .flatten().${channels === 1 ? "grayscale().toColourspace('b-w')" : "toColourspace('srgb')"}.resize(width, height, { fit: 'fill' }).raw().toBuffer();
const pixels = new Float32Array(channels * height * width); // 0 to 255, channel by channel
for (let i = 0; i < pixels.length; i++) pixels[(i % channels) * height * width + Math.floor(i / channels)] = bytes[i];

const images = new ort.Tensor('float32', pixels, [1, channels, height, width]);
const { probabilities } = await session.run({ images });
const best = probabilities.data.indexOf(Math.max(...probabilities.data));
console.log(classes[best], probabilities.data[best]);
`;
}

/** For browsers: onnxruntime-web, and a canvas to read an image. */
export function webExample(example: UsageExample): string {
  const { file, channels, height, width } = example;
  const pixel =
    channels === 1
      ? 'pixels[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];'
      : 'for (let c = 0; c < channels; c++) pixels[c * height * width + i] = data[4 * i + c];';
  return `import * as ort from 'onnxruntime-web';

${classLine(example)}
const [channels, height, width] = [${channels}, ${height}, ${width}];
const session = await ort.InferenceSession.create(${literal(`./${file}`)});

const context = new OffscreenCanvas(width, height).getContext('2d');
context.drawImage(document.querySelector('img'), 0, 0, width, height);
const { data } = context.getImageData(0, 0, width, height); // RGBA
const pixels = new Float32Array(channels * height * width); // 0 to 255, channel by channel
for (let i = 0; i < height * width; i++) {
  ${pixel}
}

const images = new ort.Tensor('float32', pixels, [1, channels, height, width]);
const { probabilities } = await session.run({ images });
const best = probabilities.data.indexOf(Math.max(...probabilities.data));
console.log(classes[best], probabilities.data[best]);
`;
}

const classLine = ({ classes }: UsageExample): string => `const classes = [${classes.map(literal).join(', ')}];`;

/** A string of JavaScript in single quotes. */
const literal = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
