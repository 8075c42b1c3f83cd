/**
 * @file What learning curves of NAS-Bench-201 say of small budgets: how far ranks after few epochs agree with those after all 200, and
 * what PASHA's rule saves. `node bench/fidelity_of_curves.mjs` after `npm run build`.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { agreementsAmong } from '../dist/correlation/agreement.js';
import { Random } from '../dist/random.js';
import { choice } from '../dist/space/decisions/choice.js';
import { strategyNamed } from '../dist/strategy/registry.js';

const file = new URL('../data/nas-bench-201-cifar10-curves.json.gz', import.meta.url);
const curves = JSON.parse(gunzipSync(readFileSync(file)).toString());
const accuracyOf = new Map(curves.map(({ arch, validAccuracy }) => [arch, validAccuracy]));

console.log(`Spearman's ρ of the validation accuracy of ${curves.length} architectures, with 95 % intervals`);
const columns = [1, 4, 12, 25, 50, 100, 200].map((epoch) => ({
  name: String(epoch),
  values: curves.map(({ validAccuracy }) => validAccuracy[epoch - 1]),
}));
for (const { a, b, spearman, kendall, interval } of agreementsAmong(columns, new Random(0))) {
  const [rho, tau, low, high] = [spearman, kendall, interval.low, interval.high].map((value) => value.toFixed(2));
  console.log(`${a.padStart(4)} ${b.padStart(4)}  ρ ${rho} [${low}, ${high}]  τ ${tau}`);
}

/** Searches all of the architectures, one at a time, with 1, 3, 9, … of `resource` epochs; a promoted one goes on. */
async function search(settings, resource, seed) {
  const decisions = choice([...accuracyOf.keys()]);
  const strategy = strategyNamed('asha').create({
    space: { decisions, canonical: (arch) => arch, mutate: (arch, random) => decisions.mutate(arch, random) },
    settings: { resource, ...settings },
    seed,
  });
  const trained = new Map();
  let epochs = 0;
  for (let trial = 0; ; trial++) {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string') break;
    const { architecture, fidelity } = proposal;
    const [from, to] = [trained.get(architecture) ?? 0, Math.round(fidelity * resource)];
    const curve = accuracyOf.get(architecture).slice(from, to);
    trained.set(architecture, to);
    epochs += to - from;
    await strategy.tell(trial, { state: 'completed', score: curve.at(-1), curve });
  }
  const largest = Math.max(...trained.values());
  const reached = [...trained].filter(([, to]) => to === largest).map(([arch]) => arch);
  const winner = reached.reduce((best, arch) =>
    accuracyOf.get(arch)[largest - 1] > accuracyOf.get(best)[largest - 1] ? arch : best,
  );
  return { epochs, largest, final: accuracyOf.get(winner).at(-1) };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const optimum = Math.max(...curves.map(({ validAccuracy }) => validAccuracy.at(-1)));
console.log(
  `\nAll architectures, 100 orders; validation accuracy of the winner after 200 epochs (the best has ${optimum})`,
);
for (const resource of [9, 27, 81]) {
  for (const settings of [{}, { pasha: true }]) {
    const runs = [];
    for (let seed = 0; seed < 100; seed++) runs.push(await search(settings, resource, seed));
    const [epochs, largest, final] = ['epochs', 'largest', 'final'].map((key) => runs.map((run) => run[key]));
    console.log(
      `resource ${resource} ${JSON.stringify(settings).padEnd(14)} epochs ${mean(epochs).toFixed(0)} ± ${deviation(epochs).toFixed(0)}, largest ${mean(largest).toFixed(1)}, winner ${mean(final).toFixed(2)} ± ${deviation(final).toFixed(2)}`,
    );
  }
}
