/** @file Larger networks of the same function (Chen et al. 2016, Net2Net; Wei et al. 2016, network morphism). */
export { type ChannelGroup, channelGroups } from './channel-groups.js';
export {
  type BranchOptions,
  type DeeperOptions,
  deeper,
  deeperPlaces,
  insertBranch,
  insertSkip,
  type Moments,
  type SkipOptions,
} from './insertions.js';
export { type LargerWindowOptions, largerWindows } from './larger-windows.js';
export { type WiderOptions, wider } from './wider.js';
