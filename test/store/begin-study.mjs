// Begins a study when it is told to, and tells its name.
import { StudyStore } from '../../dist/store/store.js';

process.once('message', ({ file, name, configuration }) => {
  try {
    const store = StudyStore.open(file);
    const log = store.create({ free: name }, configuration);
    const taken = log.study.name;
    log.close();
    store.close();
    process.send({ name: taken });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.send('ready');
