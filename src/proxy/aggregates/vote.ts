/** @file The majority among three proxies. */
import { ranksOf } from '../../correlation/correlation.js';
import type { AggregateDefinition } from '../aggregate.js';

export const vote: AggregateDefinition = {
  name: 'vote',
  title: 'Vote of synflow, jacob_cov and snip',
  paper: 'Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021, section 4.2',
  description: 'The share of a random pool that is worse by the majority of synflow, jacob_cov and snip.',
  weakness: 'Two of the three follow the size of a network, and outvote the third.',
  proxies: ['synflow', 'jacob_cov', 'snip'],
  score(lists) {
    const ranks = lists.map(ranksOf);
    const others = [...(ranks[0] ?? []).keys()].slice(1);
    const ballots = others.map((other) =>
      ranks.reduce((sum, [own = 0, ...rest]) => sum + Math.sign(own - (rest[other - 1] ?? 0)), 0),
    );
    return ballots.filter((ballot) => ballot > 0).length / ballots.length;
  },
};
