/** @file Definitions of the user's own that misbehave: each is told as the user's, with function, module, what it gave and what is allowed. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../src/error.js';
import type { EvaluationDefinition } from '../src/evaluation/evaluation.js';
import { evaluationRegistry } from '../src/evaluation/registry.js';
import { convNorm } from '../src/nn/blocks/conv-norm.js';
import { globalAvgPool, linear } from '../src/nn/layers/index.js';
import { Network } from '../src/nn/network.js';
import { Random } from '../src/random.js';
import { ModuleCode } from '../src/reference/module-code.js';
import { int, ordinal } from '../src/space/decisions/choice.js';
import { filtered } from '../src/space/decisions/filtered.js';
import { object } from '../src/space/decisions/product.js';
import { relax } from '../src/space/decisions/relax.js';
import { spaceRegistry } from '../src/space/registry.js';
import { buildNetwork, defineSpace, targetImage, untyped } from '../src/space/space.js';
import { strategyRegistry } from '../src/strategy/registry.js';
import { stoppingRegistry } from '../src/strategy/stopping/registry.js';
import type { StoppingDefinition } from '../src/strategy/stopping/stopping.js';
import { defineStrategy } from '../src/strategy/strategy.js';

const file = fileURLToPath(import.meta.url);
const target = { channels: 3, height: 8, width: 8, classes: 10 };
const architecture = { width: 8, depth: 1 };
const random = () => new Random(1);

const sound = untyped(
  defineSpace({
    name: 'mine',
    title: 'Mine',
    paper: 'None',
    description: 'A space.',
    decisions: object({ width: ordinal([8, 16]), depth: int({ min: 1, max: 3 }) }),
    build: ({ width }, to) =>
      Network.build(targetImage(to), (image) =>
        linear(globalAvgPool(convNorm(image, { out: width, kernel: 3 })), { out: to.classes }),
      ),
  }),
);

type Members = { readonly [member: string]: unknown };
/** What a module exports is of no known type. */
const spaceOf = (members: Members) =>
  spaceRegistry.guarded({ ...sound, ...members }, new ModuleCode('/home/me/mine.mjs', 'search space "mine"'));
const strategyOf = (strategy: unknown) =>
  strategyRegistry
    .guarded(
      {
        ...definition,
        ...(typeof strategy === 'function' ? { create: () => strategy() } : { create: () => strategy }),
      },
      new ModuleCode('/home/me/mine.mjs', 'strategy "mine"'),
    )
    .create({ space: sound, settings: {}, seed: 1 });

const definition = defineStrategy({
  name: 'mine',
  title: 'Mine',
  paper: 'None',
  description: 'A strategy.',
  settings: z.strictObject({}),
  dependsOnOrder: false,
  create: () => ({ ask: async () => 'exhausted', tell: async () => {} }),
});

const place = (name: string) => `In the module /home/me/mine.mjs, ${name} of the search space "mine"`;
const asked = (name: string) => `In the module /home/me/mine.mjs, ${name} of the strategy "mine"`;
const shown = '{"width":8,"depth":1}';
const network = (channels: number, classes: number) => () =>
  Network.build({ channels, height: 8, width: 8 }, (image) => linear(globalAvgPool(image), { out: classes }));

const build = (space: typeof sound) => buildNetwork(space, architecture, target);
const parse = (space: typeof sound) => space.parse('x');
const format = (space: typeof sound) => space.format(architecture);
const canonical = (space: typeof sound) => space.canonical(architecture);
const mutate = (space: typeof sound) => space.mutate(architecture, random());
const load = () => {};

describe('a space of one’s own', () => {
  it('that is sound does what it does without being checked', () => {
    const space = spaceOf({});
    expect(build(space).toJson()).toEqual(build(sound).toJson());
    expect(space.parse(format(space))).toEqual(architecture);
    expect(mutate(space)).toEqual(mutate(sound));
    expect(canonical(space)).toBe(canonical(sound));
    expect(space.decisions.sample(random())).toEqual(sound.decisions.sample(random()));
    expect([...space.decisions.enumerate()]).toEqual([...sound.decisions.enumerate()]);
    expect(space.decisions.rebuild(space.decisions.sequence(architecture).map(({ option }) => option))).toEqual(
      architecture,
    );
    expect(space.decisions).toBeInstanceOf(sound.decisions.constructor);
    expect(space.build(relax(space.decisions), target).cost()).toEqual(
      sound.build(relax(sound.decisions), target).cost(),
    );
  });

  it.each<[string, Members, (space: typeof sound) => unknown, string]>([
    [
      'a build that gives null',
      { build: () => null },
      build,
      `${place('build')} gave null, but it must give a network at once, as nn.Network.build does.`,
    ],
    ['a build that gives nothing', { build() {} }, build, `${place('build')} gave nothing, but it must give a network`],
    [
      'a build that gives a promise',
      { build: async () => network(3, 10)() },
      build,
      `${place('build')} gave a promise, but it must give a network at once`,
    ],
    [
      'a build that gives a feature',
      { build: () => network(3, 10)().output },
      build,
      `${place('build')} gave an object, but it must give a network`,
    ],
    [
      'a build for other classes',
      { build: network(3, 7) },
      build,
      `${place('build')} gave a network whose output has the shape [7], but it must end in one number for each class, as nn.linear(x, { out: target.classes }) does: here 10.`,
    ],
    [
      'a build for other images',
      { build: network(1, 10) },
      build,
      `${place('build')} gave a network for images of 1 channels, but it must take those of its target, as space.targetImage(target) has them: here 3.`,
    ],
    [
      'a build that ends in a map',
      { build: () => Network.build(target, (image) => image) },
      build,
      'has the shape [3, 8, 8], but it must end in one number for each class',
    ],
    [
      'a build that changes its argument',
      {
        build: (given: { width: number }) => {
          given.width = 3;
        },
      },
      build,
      `(TypeError: Cannot assign to read only property 'width' of object '#<Object>'): it must not change what it is given.`,
    ],
    [
      'a build that changes its target',
      {
        build: (_: unknown, to: { classes: number }) => {
          to.classes = 3;
        },
      },
      build,
      'it must not change what it is given.',
    ],
    [
      'a build that fails',
      {
        build: function built() {
          throw new RangeError('no such width');
        },
      },
      build,
      `${place('build')} failed for ${shown} at ${file}, line LINE, in built (RangeError: no such width): correct it.`,
    ],
    [
      'a build that throws a text',
      {
        build: () => {
          throw 'no';
        },
      },
      build,
      `${place('build')} failed for ${shown} (no): correct it.`,
    ],
    [
      'a build without end of calls',
      {
        build: function again(): unknown {
          return again();
        },
      },
      build,
      '(RangeError: Maximum call stack size exceeded): correct it.',
    ],
    [
      'a canonical that throws',
      {
        canonical: () => {
          throw new Error('later');
        },
      },
      canonical,
      `${place('canonical')} failed for ${shown} at ${file}, line LINE`,
    ],
    [
      'a canonical that gives an object',
      { canonical: () => ({}) },
      canonical,
      `${place('canonical')} gave {}, but it must give a text that is not empty.`,
    ],
    [
      'a canonical that gives a promise',
      { canonical: async () => 'x' },
      canonical,
      `${place('canonical')} gave a promise, but it must give a text`,
    ],
    [
      'a format that throws',
      {
        format: () => {
          throw new Error('later');
        },
      },
      format,
      `${place('format')} failed for ${shown} at`,
    ],
    [
      'a format that gives a number',
      { format: () => 3 },
      format,
      `${place('format')} gave 3, but it must give a text that is not empty.`,
    ],
    [
      'a format that says nothing',
      { format: () => '' },
      format,
      `${place('format')} gave "", but it must give a text that is not empty.`,
    ],
    [
      'a format that parse refuses',
      { format: () => 'rubbish' },
      format,
      `${place('format')} gave "rubbish", which parse refuses, but it must give what parse reads as the same architecture, ${shown}.`,
    ],
    [
      'a format of another architecture',
      { format: () => '{"width":16,"depth":1}' },
      format,
      'which parse reads as {"width":16,"depth":1}, but it must give what parse reads as the same architecture',
    ],
    [
      'a parse that throws',
      {
        parse: () => {
          throw new SyntaxError('no');
        },
      },
      parse,
      `${place('parse')} failed for "x" at`,
    ],
    [
      'a parse that gives no architecture',
      { parse: () => ({ width: 8 }) },
      parse,
      `${place('parse')} gave {"width":8}, but it must give an architecture of the space (`,
    ],
    [
      'a parse that gives nothing',
      { parse() {} },
      parse,
      `${place('parse')} gave nothing, but it must give an architecture of the space (`,
    ],
    [
      'a mutate that gives no architecture',
      { mutate: () => ({ width: 9, depth: 1 }) },
      mutate,
      `${place('mutate')} gave {"width":9,"depth":1}, but it must give an architecture of the space (`,
    ],
    [
      'a mutate that changes its argument',
      {
        mutate: (given: { depth: number }) => {
          given.depth = 2;
          return given;
        },
      },
      mutate,
      'it must not change what it is given.',
    ],
    [
      'a mutate that gives a promise',
      { mutate: async () => architecture },
      mutate,
      `${place('mutate')} gave a promise, but it must give an architecture`,
    ],
    [
      'a graph that throws',
      {
        graph: () => {
          throw new Error('none');
        },
      },
      (space) => space.graph?.(architecture),
      `${place('graph')} failed for ${shown} at`,
    ],
    [
      'decisions that are none',
      { decisions: {} },
      load,
      `${place('decisions')} is {}, but it must be a description such as object({ … }) gives.`,
    ],
    [
      'decisions that look like some',
      { decisions: { size: () => 4n, sample: () => architecture } },
      load,
      `${place('decisions')} is {}, but it must be a description`,
    ],
    [
      'published architectures that are none',
      { published: 3 },
      load,
      `${place('published')} is 3, but it must be a list`,
    ],
    [
      'notations that are none',
      { notations: {} },
      load,
      `${place('notations')} is {}, but it must be a list of { parse, format, … }, as defineSpace has it.`,
    ],
    [
      'decisions that ask a function that fails',
      {
        decisions: filtered(object({ width: ordinal([8, 16]) }), function legal() {
          throw new TypeError('no rule');
        }),
      },
      (space) => space.decisions.validate({ width: 8 }),
      `${place('decisions.validate')} failed at ${file}, line LINE, in legal (TypeError: no rule): correct it.`,
    ],
  ])('is told of %s', (_, members, use, sentence) => {
    const error = thrownBy(() => use(spaceOf(members)));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message.replace(/line \d+/, 'line LINE')).toContain(sentence);
  });
});

describe('a strategy of one’s own', () => {
  const tell = async () => {};
  it.each<[string, unknown, string]>([
    [
      'a create that gives nothing',
      undefined,
      `${asked('create')} gave nothing, but it must give a strategy, { ask, tell }.`,
    ],
    [
      'a create without tell',
      { ask: async () => 'exhausted' },
      `${asked('create')} gave {}, but it must give a strategy, { ask, tell }.`,
    ],
    [
      'a create that throws',
      () => {
        throw new Error('no');
      },
      `${asked('create')} failed at ${file}, line LINE`,
    ],
    [
      'an ask that throws',
      {
        ask: async () => {
          throw new Error('empty');
        },
        tell,
      },
      `${asked('ask')} failed at ${file}, line LINE`,
    ],
    [
      'an ask that throws at once',
      {
        ask() {
          throw new Error('empty');
        },
        tell,
      },
      `${asked('ask')} failed at ${file}, line LINE`,
    ],
    [
      'an ask that gives nothing',
      { ask: async () => {}, tell },
      `${asked('ask')} gave nothing, but it must give { architecture }, with`,
    ],
    [
      'an ask that gives an architecture bare',
      { ask: async () => architecture, tell },
      `${asked('ask')} gave ${shown}, but it must give { architecture }, with`,
    ],
    [
      'an ask of another space',
      { ask: async () => ({ architecture: { width: 9, depth: 1 } }), tell },
      `${asked('ask')} gave the architecture {"width":9,"depth":1}, but it must be of the space it searches (`,
    ],
    [
      'an ask for twice the fidelity',
      { ask: async () => ({ architecture, fidelity: 2 }), tell },
      'with a fidelity in (0, 1]',
    ],
    [
      'an ask that waits for nothing',
      { ask: async () => 'wait', tell },
      `${asked('ask')} gave "wait" while no question is open, but it must give a question, or "exhausted" where none is left.`,
    ],
    [
      'a tell that throws',
      {
        ask: async () => ({ architecture }),
        tell: async () => {
          throw new Error('full');
        },
      },
      `${asked('tell')} failed at ${file}, line LINE`,
    ],
    [
      'a tell that changes the outcome',
      {
        ask: async () => ({ architecture }),
        tell: async (_: number, outcome: { score: number }) => {
          outcome.score = 0;
        },
      },
      'it must not change what it is given.',
    ],
  ])('is told of %s', async (_, strategy, sentence) => {
    const use = async () => {
      const created = strategyOf(strategy);
      await created.ask();
      await created.tell(0, { state: 'completed', score: 1 });
    };
    const error = await use().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof UsageError)) throw new Error('it was not told', { cause: error });
    expect(error.message.replace(/line \d+/, 'line LINE')).toContain(sentence);
  });
});

const common = { name: 'mine', title: '', paper: '', description: '', settings: z.strictObject({}) };
const curve = { trial: 0, fidelity: 1, isComplete: false, score: null, facts: {}, points: [] };

describe('a stopping rule of one’s own', () => {
  const rule = (create: () => unknown) => {
    const code = new ModuleCode('/home/me/mine.mjs', 'stopping rule "mine"');
    return stoppingRegistry.guarded(exported<StoppingDefinition>({ ...common, create }), code).create({}, 0);
  };
  it.each<[string, () => unknown, string]>([
    ['a create that throws', failing, 'create of the stopping rule "mine" failed at'],
    [
      'a create that gives nothing',
      () => {},
      'create of the stopping rule "mine" gave nothing, but it must give a rule, { reasonToStop }.',
    ],
    ['a rule that throws', () => ({ reasonToStop: failing }), 'reasonToStop of the stopping rule "mine" failed at'],
    [
      'a rule that says yes',
      () => ({ reasonToStop: () => true }),
      'reasonToStop of the stopping rule "mine" gave true, but it must give the reason as a text or as { reason, bar, prediction: { value, deviation } }, or null to go on.',
    ],
    [
      'a rule that predicts what is no number',
      () => ({ reasonToStop: () => ({ reason: 'bad', prediction: { value: Number.NaN, deviation: 1 } }) }),
      'reasonToStop of the stopping rule "mine" gave {"reason":"bad","prediction":{"value":null,"deviation":1}}, but it must give',
    ],
    [
      'a share that is none',
      () => ({ reasonToStop: () => null, letRun: 2 }),
      'create of the stopping rule "mine" gave 2 as letRun, but it must give a share from 0 to 1.',
    ],
  ])('is told of %s', (_, create, sentence) => {
    expect(thrownBy(() => rule(create).reasonToStop(curve, [curve])).message).toContain(
      `In the module /home/me/mine.mjs, ${sentence}`,
    );
  });
});

describe('an evaluation of one’s own', () => {
  const measure = { metrics: { size: { title: 'size', format: 'number', direction: 'min' } }, score: 'size' };
  const evaluation = (members: Members) => {
    const code = new ModuleCode('/home/me/mine.mjs', 'evaluation "mine"');
    const definition = exported<EvaluationDefinition>({ ...common, measure, ...members });
    return evaluationRegistry.guarded(definition, code).create({});
  };
  const facts = { train: 1, valid: 1, classes: 2, height: 8, width: 8 };
  it.each<[string, Members, string]>([
    [
      'a measure that is none',
      { measure: { score: 'size' } },
      'measure of the evaluation "mine" is {"score":"size"}, but it must be { metrics, score }',
    ],
    [
      'a create that gives nothing',
      { create() {} },
      'create of the evaluation "mine" gave nothing, but it must give an evaluation, { evaluate }.',
    ],
    [
      'a least fidelity of none',
      { create: () => ({ evaluate() {}, leastFidelity: () => 0 }) },
      'leastFidelity of the evaluation "mine" gave 0, but it must give a share of a full evaluation, in (0, 1].',
    ],
    [
      'a least fidelity that throws',
      { create: () => ({ evaluate() {}, leastFidelity: failing }) },
      'leastFidelity of the evaluation "mine" failed at',
    ],
  ])('is told of %s', (_, members, sentence) => {
    expect(thrownBy(() => evaluation(members).leastFidelity?.(facts)).message).toContain(
      `In the module /home/me/mine.mjs, ${sentence}`,
    );
  });

  it('may be of a class of its own', () => {
    class Constant {
      evaluate() {}
      leastFidelity = () => 0.5;
    }
    expect(evaluation({ create: () => new Constant() }).leastFidelity?.(facts)).toBe(0.5);
    expect(typeof evaluation({ create: () => new Constant() }).evaluate).toBe('function');
  });
});

/** What a module exports is of no known type. */
const exported = <T>(members: Members): T => members as T;

function failing(): never {
  throw new Error('no');
}

function thrownBy(body: () => unknown): Error {
  try {
    body();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
