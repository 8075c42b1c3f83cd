import { describe, expect, it } from 'vitest';
import { runEngine } from './other-engine.js';

const printing = (document: unknown) => `node -e 'console.log(${JSON.stringify(JSON.stringify(document))})'`;

describe('runEngine', () => {
  it('reads what the command prints', async () => {
    const report = { engine: 'Other 1.0', threads: 1, results: [{ network: 'x', imagesPerSecond: 50 }] };
    expect(await runEngine(printing(report))).toEqual(report);
  });

  it.each([
    ['exit 3', 'failed with exit status 3'],
    ['echo nothing', 'printed something else than its results'],
    ['true', 'printed nothing'],
    [printing({ engine: 'Other', results: [] }), 'must print {"engine"'],
  ])('says what is wrong with the command %s', async (command, sentence) => {
    await expect(runEngine(command)).rejects.toThrow(sentence);
  });
});
