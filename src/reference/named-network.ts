/** @file One architecture as users name it: a preset, `SPACE:GENOTYPE` with a space's name or module, or a JSON file. */
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, UsageError } from '../error.js';
import type { Json } from '../json.js';
import { type ImageShape, Network } from '../nn/network.js';
import { presets } from '../nn/presets/index.js';
import type { Preset } from '../nn/presets/preset.js';
import { readRegularFile } from '../regular-file.js';
import { publishedNetworks } from '../space/published-networks.js';
import { spaceRegistry, spaces } from '../space/registry.js';
import { buildNetwork, type SearchSpace } from '../space/space.js';
import { didYouMean } from '../suggestion.js';
import { type AllowedModules, refuseUnknown } from './module-trust.js';
import { isModulePath, referred } from './reference.js';

/** The images and classes that a network is built for. */
export interface TargetOptions {
  /** Default: what a preset was published for; 3×32×32, as CIFAR-10 has them, for a space. */
  readonly input?: ImageShape | undefined;
  /** Default: what a preset was published for; 10 for a space. */
  readonly classes?: number | undefined;
  /** Whether a whole network may take images of another size: then they will be resized. Default `false`. */
  readonly anySize?: boolean;
  /** Modules that may run though only a file names them. Default: none. */
  readonly allowModules?: AllowedModules | undefined;
}

/** A network and where it comes from. */
export interface NamedNetwork {
  /** As the user named it. */
  readonly name: string;
  readonly network: Network;
  /** `null` for networks from outside a space. */
  readonly genotype: { readonly space: string; readonly architecture: Json } | null;
}

const defaultInput: ImageShape = { channels: 3, height: 32, width: 32 };
const defaultClasses = 10;

/** Every network that has a name of its own. */
/** Every preset: published chains, published cells, and the networks of the training benchmark. */
export const namedNetworks: Readonly<Record<string, Preset>> = { ...presets, ...publishedNetworks };

/** A file that holds an architecture of a space; a file with `layers` is a whole network (`Network.toJson`). */
const genotypeFile = z.strictObject({ space: z.string(), architecture: z.json() });

/**
 * The network that `target` names. A name of a preset goes before a file of the same name, which is reached as `./NAME`.
 *
 * @throws {UsageError} where there is no such thing, or the architecture does not fit the images
 */
export async function networkOf(target: string, options: TargetOptions = {}): Promise<NamedNetwork> {
  const preset = Object.hasOwn(namedNetworks, target) ? namedNetworks[target] : undefined;
  if (preset !== undefined) {
    const { input = preset.input, classes = preset.classes } = options;
    return { name: target, network: preset.build({ input, classes }), genotype: null };
  }
  const space = spaces.find(({ name }) => target.startsWith(`${name}:`));
  if (space !== undefined) {
    return build(target, space, parse(space, target.slice(space.name.length + 1)), options);
  }
  const [, module, genotype] = /^(.+?\.[cm]?[jt]s):(.*)$/is.exec(target) ?? [];
  if (module !== undefined && genotype !== undefined) {
    const { definition } = await referred(module, spaceRegistry);
    return build(target, definition, parse(definition, genotype), options);
  }
  if (isModulePath(target)) throw needsGenotype(target);
  if (await isFile(target)) return readNetworkFile(target, options);
  throw unknownTarget(target);
}

/** Whether the target is an ONNX file, whose network is not ours. */
export const isOnnxTarget = (target: string): boolean => target.toLowerCase().endsWith('.onnx');

function parse(space: SearchSpace, text: string): Json {
  refuseDeepNesting(text);
  return space.parse(text);
}

function build(name: string, space: SearchSpace, architecture: Json, options: TargetOptions): NamedNetwork {
  const { input = defaultInput, classes = defaultClasses } = options;
  return {
    name,
    network: buildNetwork(space, architecture, { ...input, classes }),
    genotype: { space: space.name, architecture },
  };
}

async function readNetworkFile(file: string, options: TargetOptions): Promise<NamedNetwork> {
  const json = await readJson(file);
  const isNetwork = typeof json === 'object' && json !== null && 'layers' in json;
  if (isNetwork) {
    const network = await inFile(file, () => Network.fromJson(json));
    refuseOtherUse(file, network, options);
    return { name: file, network, genotype: null };
  }
  const genotype = genotypeFile.safeParse(json);
  if (!genotype.success) {
    throw new UsageError(
      `${file} holds no architecture: it must be {"space": NAME, "architecture": …} or a network with "version", "input", "layers" and "output".`,
    );
  }
  return inFile(file, async () => {
    const { space: named, architecture } = genotype.data;
    if (isModulePath(named)) {
      refuseUnknown({ module: named }, { by: 'It', as: spaceRegistry.one }, options.allowModules ?? []);
    }
    const { definition: space } = await referred(named, spaceRegistry);
    // A notation of a space may be JSON itself.
    const text = typeof architecture === 'string' ? architecture : JSON.stringify(architecture);
    return build(file, space, parse(space, text), options);
  });
}

/** What the body finds wrong is told with the file in which it stands. */
async function inFile<T>(file: string, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`In the file ${file}: ${error.message}`);
    throw error;
  }
}

/** Far more than any architecture has, and far less than the call stack holds. */
const DEEPEST_NESTING = 200;

/** Readers of architectures descend into what they read. */
function refuseDeepNesting(text: string): void {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\](){}]/g)) {
    depth += '[({'.includes(bracket) ? 1 : -1;
    if (depth > DEEPEST_NESTING) {
      throw new UsageError(
        `An architecture is nested at most ${DEEPEST_NESTING} levels deep, but "${text.slice(0, 40)}…" goes deeper.`,
      );
    }
  }
}

/** A whole network cannot be built anew for other images and classes. */
function refuseOtherUse(file: string, network: Network, { anySize = false, ...options }: TargetOptions): void {
  const own = { input: network.input, classes: network.outputShape[0] };
  const { input = own.input, classes = own.classes } = options;
  const hasSize = anySize || (input.height === own.input.height && input.width === own.input.width);
  if (hasSize && input.channels === own.input.channels && classes === own.classes) return;
  const shapeOf = ({ channels, height, width }: ImageShape) => `${channels}×${height}×${width}`;
  throw new UsageError(
    `${file} is a whole network for ${shapeOf(own.input)} images and ${own.classes} classes, not for ${shapeOf(input)} and ${classes}: ` +
      'give a preset or SPACE:GENOTYPE, which are built for any images.',
  );
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readRegularFile(file)).toString();
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be read (${messageOf(error)}).`);
  }
  await inFile(file, () => refuseDeepNesting(text));
  try {
    // Some editors begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`The file ${file} is not JSON (${messageOf(error).replace(/\s+/g, ' ')}).`);
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const needsGenotype = (space: string): UsageError =>
  new UsageError(
    `"${space}" is a search space: name one of its architectures, as ${space}:GENOTYPE; \`nas sample ${space}\` draws some, and ` +
      `\`nas spaces ${space}\` lists the published ones.`,
  );

function unknownTarget(target: string): UsageError {
  const space = spaces.find(({ name }) => name === target);
  if (space !== undefined) return needsGenotype(target);
  const names = [...Object.keys(namedNetworks), ...spaces.map(({ name }) => `${name}:`)];
  const colon = target.indexOf(':');
  const wanted = colon < 0 ? target : target.slice(0, colon + 1);
  return new UsageError(
    `There is no architecture "${target}"${didYouMean(wanted, names)}: give a preset (\`nas presets\` lists them), ` +
      'SPACE:GENOTYPE with one of the spaces that `nas spaces` lists or a module file of your own, or an existing JSON file.',
  );
}
