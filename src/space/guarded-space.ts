/** @file A space of the user's own, of which everything is checked that it gives. */
import { UsageError } from '../error.js';
import type { Cost } from '../nn/cost.js';
import type { Network } from '../nn/network.js';
import { frozenCopy, hasMethods, shownValue, type UserCode, withGuardedMethods } from '../user-code.js';
import type { BuildTarget, SearchSpace } from './space.js';

/** What a decision can do. One may come from another installation of nasturtium, whose classes are others. */
const decisionMethods = [
  'size',
  'sample',
  'enumerate',
  'validate',
  'crossover',
  'walk',
  'revisions',
  'writeCode',
  'encode',
  'describe',
  'relaxed',
  'mutate',
  'neighbours',
  'sequence',
  'rebuild',
] as const;

/**
 * The space, all of whose functions are called as code of the user's, on copies that cannot be changed.
 *
 * @throws {UsageError} where it is none: its decisions are no description, or its published architectures no list
 */
export function guardedSpace(space: SearchSpace, code: UserCode): SearchSpace {
  if (!hasMethods(space.decisions, decisionMethods)) {
    throw code.wrong('decisions', `is ${shownValue(space.decisions)}`, 'be a description such as object({ … }) gives');
  }
  const published: unknown = code.run('published', () => space.published);
  if (!Array.isArray(published)) {
    throw code.wrong(
      'published',
      `is ${shownValue(published)}`,
      'be a list of { name, architecture, … }, which may be empty',
    );
  }
  if (!Array.isArray(space.notations)) {
    throw code.wrong(
      'notations',
      `is ${shownValue(space.notations)}`,
      'be a list of { parse, format, … }, as defineSpace has it',
    );
  }
  const { graph } = space;
  const decisions = withGuardedMethods(space.decisions, { call: code.pass.bind(code), prefix: 'decisions.' });
  const shown = (architecture: unknown) => shownValue(architecture);
  const guarded: SearchSpace = {
    ...space,
    decisions,
    notations: space.notations.map((notation) =>
      withGuardedMethods(notation, { call: code.run.bind(code), prefix: 'notations.' }),
    ),
    build(architecture, target) {
      const [given, forTarget] = [frozenCopy(architecture), frozenCopy(target)];
      return code.run(
        'build',
        () => networkOf(space.build(given, forTarget), target, code),
        () => shown(architecture),
      );
    },
    parse: (text) => {
      const parsed = code.run(
        'parse',
        () => space.parse(text),
        () => shown(text),
      );
      return memberOf(guarded, parsed, 'parse', code);
    },
    format(architecture) {
      const given = frozenCopy(architecture);
      const text = textOf('format', () => space.format(given), architecture, code);
      refuseOtherReading(guarded, { architecture, text }, code);
      return text;
    },
    mutate(architecture, random) {
      const given = frozenCopy(architecture);
      const mutant = code.run(
        'mutate',
        () => space.mutate(given, random),
        () => shown(architecture),
      );
      return memberOf(guarded, mutant, 'mutate', code);
    },
    canonical(architecture) {
      const given = frozenCopy(architecture);
      return textOf('canonical', () => space.canonical(given), architecture, code);
    },
    ...(graph !== undefined && {
      graph: (architecture) => {
        const given = frozenCopy(architecture);
        return code.run(
          'graph',
          () => graph.call(space, given),
          () => shown(architecture),
        );
      },
    }),
  };
  return guarded;
}

/** The network that a space gave, if it is one for the target. */
function networkOf(built: unknown, target: BuildTarget, code: UserCode): Network {
  if (!isNetwork(built))
    throw code.wrong('build', `gave ${shownValue(built)}`, 'give a network at once, as nn.Network.build does');
  const { input, outputShape } = built;
  if (outputShape.length !== 1 || outputShape[0] !== target.classes) {
    const allowed = `end in one number for each class, as nn.linear(x, { out: target.classes }) does: here ${target.classes}`;
    throw code.wrong('build', `gave a network whose output has the shape [${outputShape.join(', ')}]`, allowed);
  }
  if (input.channels !== target.channels) {
    const gave = `gave a network for images of ${input.channels} channels`;
    throw code.wrong(
      'build',
      gave,
      `take those of its target, as space.targetImage(target) has them: here ${target.channels}`,
    );
  }
  // Counted now, where functions of layers of the user's own are called as the user's code.
  const cost: Cost = built.cost();
  const bad = [cost.params, cost.macs, cost.peakActivationBytes].some(
    (value) => !(Number.isFinite(value) && value >= 0),
  );
  if (bad)
    throw code.wrong(
      'build',
      `gave a network that costs ${shownValue(cost)}`,
      'have layers whose costs are numbers from 0 on',
    );
  return built;
}

/** By what it can do: a module may come with another installation of nasturtium. */
const isNetwork = (value: unknown): value is Network =>
  hasMethods(value, ['cost', 'toJson', 'layerCosts']) &&
  'input' in value &&
  'layers' in value &&
  Array.isArray(value.layers) &&
  'outputShape' in value &&
  Array.isArray(value.outputShape);

/** The architecture that a function gave, if it is one of the space. */
function memberOf(space: SearchSpace, value: unknown, name: string, code: UserCode) {
  try {
    return space.decisions.validate(value);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw code.wrong(
      name,
      `gave ${shownValue(value)}`,
      `give an architecture of the space (${error.message.replace(/\.$/, '')})`,
    );
  }
}

function textOf(name: string, body: () => unknown, architecture: unknown, code: UserCode): string {
  const text = code.run(name, body, () => shownValue(architecture));
  if (typeof text === 'string' && text !== '') return text;
  throw code.wrong(name, `gave ${shownValue(text)}`, 'give a text that is not empty');
}

/** What `format` writes means the same architecture where `parse` reads it. */
function refuseOtherReading(
  space: SearchSpace,
  { architecture, text }: { readonly architecture: Parameters<SearchSpace['format']>[0]; readonly text: string },
  code: UserCode,
): void {
  const allowed = `give what parse reads as the same architecture, ${shownValue(architecture)}`;
  let read: typeof architecture;
  try {
    read = space.parse(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw code.wrong('format', `gave ${shownValue(text)}, which parse refuses`, allowed);
  }
  if (space.canonical(read) === space.canonical(architecture)) return;
  throw code.wrong('format', `gave ${shownValue(text)}, which parse reads as ${shownValue(read)}`, allowed);
}
