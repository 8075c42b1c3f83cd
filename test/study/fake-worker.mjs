/**
 * @file A worker for tests of the pool: it speaks the messages of `src/execution/worker-message.ts`, and behaves or
 * misbehaves as `request.evaluation.settings.behaviour` says.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const block = (milliseconds) => {
  for (const end = Date.now() + milliseconds; Date.now() < end; );
};
const point = (epoch, validAccuracy) => ({
  kind: 'point',
  point: {
    epoch,
    seconds: epoch,
    values: { trainLoss: 1 / epoch, validLoss: epoch === 1 ? Number.NaN : 1 / epoch, validAccuracy },
  },
});

let runs = 0;
const hoard = [];

const behaviours = {
  /** A score that depends on nothing but the network and the seed, after two points of the learning curve. */
  async score({ seed, evaluation: { settings }, candidate: { network } }) {
    const digest = createHash('sha256')
      .update(`${seed} ${JSON.stringify(network)}`)
      .digest();
    const score = digest.readUInt32LE() / 2 ** 32;
    for (const epoch of [1, 2]) {
      await pause(settings.milliseconds ?? 1);
      process.send(point(epoch, score / epoch));
    }
    return { kind: 'completed', result: { metrics: { validAccuracy: score } } };
  },
  /** Mostly scores; about every third trial ends in another way, which the seed decides. */
  async moody(request) {
    const moods = ['score', 'score', 'score', 'score', 'fail', 'kill'];
    return behaviours[moods[Math.abs(request.seed) % moods.length]](request);
  },
  /** The trial's number in this process. */
  async count() {
    return { kind: 'completed', result: { metrics: { validAccuracy: ++runs } } };
  },
  async fail() {
    return { kind: 'failed', reason: 'the loss is NaN after epoch 1' };
  },
  async notANumber() {
    return { kind: 'completed', result: { metrics: { validAccuracy: Number.NaN } } };
  },
  async nonsense() {
    return { kind: 'surprise' };
  },
  async kill() {
    process.kill(process.pid, 'SIGKILL');
    await pause(10_000);
  },
  async abort() {
    process.abort();
  },
  async exit() {
    process.stderr.write('first line\nno more patience\n');
    process.exit(3);
  },
  async hang() {
    await pause(600_000);
  },
  /** Hears nothing, as in a long native call. */
  async block() {
    block(600_000);
  },
  async memory() {
    for (;;) {
      hoard.push(Buffer.alloc(16 * 2 ** 20, 1));
      await pause(5);
    }
  },
  async heap() {
    for (;;) hoard.push(new Array(100_000).fill(0.5).map(String));
  },
};

process.on('message', async ({ request }) => {
  const { behaviour = 'score', journal } = request.evaluation.settings;
  if (journal) appendFileSync(journal, `${process.pid}\n`);
  process.send(await behaviours[behaviour](request));
});
process.send({ kind: 'ready' });
