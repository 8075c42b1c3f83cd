/** @file A search within this process: what `nas search` does up to the last trial, without processes and files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDataset } from '../../src/data/load.js';
import { nodeEngine } from '../../src/engine/node-engine.js';
import type { EvaluationDefinition } from '../../src/evaluation/evaluation.js';
import { evaluationNamed } from '../../src/evaluation/registry.js';
import { InlineExecutor } from '../../src/execution/inline-executor.js';
import { checkSearchConfig } from '../../src/search/search-config.js';
import { targetOf } from '../../src/search/target.js';
import { StudyStore } from '../../src/store/store.js';
import { runStudy, type StudyResult } from '../../src/study/runner.js';
import { setupOf } from '../../src/study/setup.js';
import { artifactsInMemory } from '../evaluation/request.js';

/** Searches as the config says. `evaluation` takes the place of the one that the config names. */
export async function inlineSearch(config: unknown, evaluation?: EvaluationDefinition): Promise<StudyResult> {
  const { configuration: checked } = await checkSearchConfig(config);
  const configuration = { ...checked, final: null };
  const { name, settings } = configuration.evaluation;
  const definition = evaluation ?? evaluationNamed(name);
  const { reference, seed } = configuration.data;
  const engine = nodeEngine();
  const setup = setupOf(configuration, {
    target: targetOf(await loadDataset(reference, { seed })),
    evaluation: definition.create(settings),
    engine,
  });
  const executor = new InlineExecutor({ evaluation: () => definition, engine, artifacts: artifactsInMemory() });
  const folder = mkdtempSync(join(tmpdir(), 'nasturtium-inline-'));
  const store = StudyStore.open(join(folder, 'studies.db'));
  try {
    return await runStudy('inline', configuration, { store, executor, setup });
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}
