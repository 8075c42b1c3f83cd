/** @file How the tests run: light ones together in threads, then those that need a process of their own. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Tests that start processes, mock modules or change what belongs to the whole process, such as its folder and its
 * registries: each file in a process of its own. The others share what they import.
 */
const apart = [
  'src/benchmark/{surrogates,tabular,training}.test.ts',
  'src/cli/{commands,correlate,score,search,search-*}.test.ts',
  'src/cli/supervision/**/*.test.ts',
  'src/data/{cache,load,npm-package}.test.ts',
  'src/evaluation/{train-data,zero-cost}.test.ts',
  'src/model/{external-data,result-files}.test.ts',
  'src/search/settings.test.ts',
  'src/{doctor,engine,execution,reference,store,study}/**/*.test.ts',
  'src/*.test.ts',
  'src/**/registry.test.ts',
  'test/{guidance,own-*,readme,version-1}.test.ts',
];

/** Two at a time keep two cores busy; left to itself, Vitest spares one. */
const workers = 2;

/** Files that take longest; begun last, one would keep a single core busy at the end. */
const longest =
  /\/(learning|every-(space|space-search|strategy-search)|(blocked|relaxed)-training|reinforce|search|search-(controllers|fidelity|spaces)|crash|supervision|tabular|training|own-(space|strategy)|commands|readme)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => longest.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    // Tests that run the built program load it as Node.js does.
    server: { deps: { external: [/\/dist\//] } },
    poolOptions: {
      threads: { isolate: false, minThreads: workers, maxThreads: workers },
      forks: { minForks: workers, maxForks: workers },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          pool: 'threads',
          include: ['{src,test}/**/*.test.ts'],
          exclude: apart,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'apart', pool: 'forks', include: apart, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
