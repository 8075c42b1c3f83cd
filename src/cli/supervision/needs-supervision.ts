/** @file When a command needs a process of its own: as soon as it is to load code of the user's. */
import { beforeEveryModule } from '../../reference/own-module.js';

/** Thrown in place of the first module: the command begins again, in a process that can be ended. */
export class NeedsSupervision extends Error {
  override readonly name = 'NeedsSupervision';
}

/** From now on no module is loaded into this process. */
export function superviseModules(): void {
  beforeEveryModule(() => {
    throw new NeedsSupervision();
  });
}
