import { describe, expect, it } from 'vitest';
import { benchmarkTraining, type TrainingBenchmarkOptions } from './training.js';
import { randomWorkloads } from './workload.js';

const entry = new URL('../../dist/benchmark/step-process.js', import.meta.url);
const benchmark = (options: TrainingBenchmarkOptions) => benchmarkTraining({ threads: 1, steps: 2, entry, ...options });
const printing = (document: unknown) => `node -e 'console.log(${JSON.stringify(JSON.stringify(document))})'`;

describe('benchmarkTraining', () => {
  it('times networks beside another engine', async () => {
    const results = [
      { network: 'mobile-16', imagesPerSecond: 50, peakMemoryBytes: 1e8 },
      { network: 'resnet-16', imagesPerSecond: 200 },
    ];
    const against = printing({ engine: 'Other 1.0', threads: 1, results });
    const networks = ['mobile-16', 'resnet-16'];
    const report = await benchmark({ networks, against });
    expect(report).toMatchObject({ threads: 1, processes: 1, steps: 2, against: { engine: 'Other 1.0', threads: 1 } });
    expect(report.results.map(({ network }) => network)).toEqual(networks);
    // As PyTorch counts the same networks.
    expect(report.results.map(({ parameters, batch, against }) => [parameters, batch, against])).toEqual([
      [66_378, 64, 50],
      [175_258, 64, 200],
    ]);
    const [first, second] = report.results;
    expect(first?.ratio).toBeCloseTo((first?.imagesPerSecond ?? 0) / 50);
    expect(report.geometricMeanRatio).toBeCloseTo(Math.sqrt((first?.ratio ?? 0) * (second?.ratio ?? 0)));
    expect(first?.preparationMs).toBeGreaterThan(0);
    expect(first?.peakMemoryBytes).toBeGreaterThan(1e7);
    expect([first?.againstPeakMemoryBytes, second?.againstPeakMemoryBytes]).toEqual([1e8, null]);
  });

  it('runs the other command for each network where it has a place for its name, file or batch', async () => {
    const row = `{network: 'x', imagesPerSecond: {batch} + require('{file}').layers.length}`;
    const against = `node -e "console.log(JSON.stringify({engine: '{network}', results: [${row}]}))"`;
    const report = await benchmark({ networks: ['mobile-16'], against });
    expect(report.against?.engine).toBe('mobile-16');
    expect(report.results[0]?.against).toBeGreaterThan(64 + 50);
  });

  it('adds the images of processes that train at once', async () => {
    const { results, processes } = await benchmark({ random: 1, seed: 6, processes: 2 });
    expect(processes).toBe(2);
    expect(results).toHaveLength(1);
    expect(results[0]?.imagesPerSecond).toBeGreaterThan(0);
  });

  it('says which networks there are', async () => {
    await expect(benchmark({ networks: ['resnet-5'] })).rejects.toThrow('There is no reference network "resnet-5"');
  });
});

it('draws the same random networks from the same seed, others from another', () => {
  const names = (seed: number) => randomWorkloads(6, seed).map(({ name, network }) => [name, network.cost().params]);
  expect(names(1)).toEqual(names(1));
  expect(names(1)).not.toEqual(names(2));
});
