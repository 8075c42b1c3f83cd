/** @file The model card as Markdown, for people. */
import type { Json } from '../json.js';
import { bytes, count, duration, milliseconds, percent, plural } from '../quantity/number-format.js';
import { capital, exactAmount, knownAmounts } from '../quantity/quantity.js';
import { limitTexts } from './limit-text.js';
import type { ModelCardInput } from './model-card-input.js';
import { nodeExample, webExample } from './usage-example.js';

export function cardMarkdown(input: ModelCardInput): string {
  const sections = [
    `# ${text(input.name)}\n\n${summary(input)}`,
    `## Accuracy and cost\n\n${accuracyAndCost(input)}`,
    `## Input and output\n\n${interfaceText(input)}`,
    `## Use\n\nIn Node.js, with \`npm install onnxruntime-node sharp\`:\n\n${fence(nodeExample(example(input)), 'js')}\n\nonnxruntime-node tells its maker of its use, over the network. It keeps still where the environment has \`ORT_DISABLE_TELEMETRY=1\` before it starts.\n\nIn a browser, with onnxruntime-web:\n\n${fence(webExample(example(input)), 'js')}`,
    `## Data\n\n${dataText(input)}`,
    `## How it was made\n\n${making(input)}`,
    `## Architecture\n\n${fence(input.notation, '')}\n\n${fence(JSON.stringify(input.architecture, null, 2), 'json')}`,
    `## Limits of this model\n\n${limitsOfModel(input)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function summary({ data, search, file, date }: ModelCardInput): string {
  const limits = limitTexts(search?.limits ?? {});
  const found =
    search === null
      ? 'Its architecture was given, not searched.'
      : `It is the best of ${plural(search.trials, 'trial')} of a search of ${text(search.space.title)}${
          limits.length > 0 ? ` within ${limits.join(', ')}` : ''
        }.`;
  return `\`${code(file)}\` tells ${plural(data.classes.length, 'class', 'classes')} of ${text(data.name)} apart. ${found} Made with nasturtium on ${text(date)}.`;
}

function accuracyAndCost({ accuracy, cost, latency, data, machine }: ModelCardInput): string {
  const rows: (readonly [string, string, string])[] = [];
  if (accuracy.test !== null) {
    rows.push([
      'Test accuracy',
      percent(accuracy.test),
      `on ${count(data.images.test)} images that nothing was chosen by`,
    ]);
  }
  if (accuracy.valid !== null) {
    rows.push([
      'Validation accuracy',
      percent(accuracy.valid),
      `on ${count(data.images.valid)} images, by which weights and architecture were chosen, so it tends to be too high`,
    ]);
  }
  rows.push(
    ...knownAmounts({ ...cost }).map(
      ({ quantity, amount }) =>
        [
          capital(quantity.title),
          quantity.format.long(amount),
          `${exactAmount(quantity, amount)}, ${quantity.basis}${quantity.name === 'macs' ? `; FLOPs = 2 × MACs = ${count(2 * amount)}` : ''}`,
        ] as const,
    ),
  );
  if (latency !== null) {
    const how = `of ${plural(latency.runs, 'run')}: ${text(latency.runtime)}, batch ${latency.batch}, ${plural(latency.threads, 'thread')}, ${text(machine.processor)}`;
    rows.push(
      ['Latency, median', milliseconds(latency.median), how],
      ['Latency, 95th percentile', milliseconds(latency.percentile95), how],
    );
  }
  const table = rows.map(([name, value, note]) => `| ${name} | ${value} | ${note} |`).join('\n');
  return `| | | |\n| --- | ---: | --- |\n${table}\n\nSplit: ${text(data.split)}`;
}

function interfaceText({ input: { channels, height, width }, data }: ModelCardInput): string {
  const colours = channels === 1 ? 'grey' : channels === 3 ? 'red, green, blue' : `${channels} channels`;
  return [
    `- Input \`images\`: float32 [N, ${channels}, ${height}, ${width}] – N images of any number, channel by channel (${colours}), ${height} rows of ${width} pixels from 0 to 255. The model normalises them itself.`,
    `- Outputs \`logits\` and \`probabilities\`: float32 [N, ${data.classes.length}].`,
    `- Classes, in the order of the outputs: ${data.classes.map((name, index) => `${index} ${text(name)}`).join(', ')}.`,
  ].join('\n');
}

function dataText({ data }: ModelCardInput): string {
  return [
    `${text(data.origin)} (\`${code(data.reference)}\`)`,
    `${text(data.split)} ${count(data.images.train)} images for training, ${count(data.images.valid)} for validation, ${count(data.images.test)} for the test.`,
    ...data.notices.map((notice) => `Note: ${text(notice)}`),
  ].join('\n\n');
}

function making({ search, training, seed, machine, versions }: ModelCardInput): string {
  const settings = (json: Json) => `\`${code(JSON.stringify(json))}\``;
  const lines = [
    ...(search === null
      ? []
      : [
          `- Space: ${text(search.space.title)} ${settings(search.space.settings)}. ${text(search.space.paper)}`,
          `- Strategy: ${text(search.strategy.title)} ${settings(search.strategy.settings)}. ${text(search.strategy.paper)}`,
          `- Evaluation of candidates: ${text(search.evaluation.title)} ${settings(search.evaluation.settings)}`,
          `- ${plural(search.trials, 'trial')} in ${duration(search.seconds)}`,
        ]),
    `- Training: ${plural(training.epochs, 'epoch')} in ${duration(training.seconds)} ${settings(training.settings)}`,
    `- Seed: ${seed}`,
    `- Machine: ${text(machine.processor)}, ${plural(machine.cores, 'core')}, ${bytes(machine.memoryBytes)}, ${text(machine.system)}`,
    `- Versions: ${Object.entries(versions)
      .map(([program, version]) => `${text(program)} ${text(version)}`)
      .join(', ')}`,
  ];
  return lines.join('\n');
}

function limitsOfModel({ data, latency }: ModelCardInput): string {
  return [
    `- It knows the ${plural(data.classes.length, 'class', 'classes')} above and nothing else: an image of anything else gets one of them, often with a high probability.`,
    `- Its accuracy holds for images like those of ${text(data.name)}, prepared in the same way. Other cameras, backgrounds, sizes or colours can make it much worse; measure it on your own images.`,
    '- Probabilities come from a softmax and were not calibrated.',
    '- Accuracy was not broken down by class or by groups of people or things in the images.',
    ...(latency === null
      ? []
      : [
          '- Latency was measured on the machine above; on another machine, runtime or number of threads it is another.',
        ]),
  ].join('\n');
}

const example = ({ file, input, data }: ModelCardInput) => ({ file, ...input, classes: data.classes });

/** Text that Markdown shows as it is: no markup, no links, no line breaks. */
const text = (value: string): string => value.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#~!&]/g, '\\$&');

/** Text for a span of code, which knows no escapes. */
const code = (value: string): string => value.replace(/\s+/g, ' ').replaceAll('`', "'");

/** A block of code whose fence is longer than any in it. */
function fence(content: string, language: string): string {
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${content.trimEnd()}\n${ticks}`;
}
