import type { GatewayName } from './children.ts';

/** One measured value, as it stands in a line of the table. */
export interface Figure {
  readonly what: string;
  /** Infinity where what was waited for never came; NaN where there was nothing to measure. */
  readonly value: number;
  readonly unit: '%' | 'ms' | 's' | '/s' | 'calls' | 'bytes';
  /** What is promised of our gateway; a figure without one is there to read the others by. */
  readonly promise?: { readonly atLeast: number } | { readonly atMost: number };
}

export interface Scenario {
  readonly title: string;
  /** The same figures in the same order, whichever gateway it is. */
  measure(gateway: GatewayName): Promise<readonly Figure[]>;
}

/** Later than this, and the generator was what limited, or the machine had other work: the run says nothing. */
export const lateness = (lagMs: number): Figure => ({
  what: 'generator late by (p99)',
  value: lagMs,
  unit: 'ms',
  promise: { atMost: 20 },
});
