/** Whether a trace is recorded: decided once, by whoever begins it. */
export type Sampler = (traceId: string, parentSampled: boolean | undefined) => boolean;

/** Whether the trace is one of this share of all: who asks the same of the same trace elsewhere gets the same answer. */
const isOfShare = (traceId: string, ratio: number): boolean =>
  // Of the 56 bits that W3C wants random, those that a double holds exactly.
  Number.parseInt(traceId.slice(-13), 16) >= (1 - ratio) * 2 ** 52;

/** By OpenTelemetry's names for them. @param ratio from 0 to 1. */
export const samplers = {
  always_on: () => () => true,
  always_off: () => () => false,
  traceidratio: (ratio) => (traceId) => isOfShare(traceId, ratio),
  parentbased_always_on: () => (_traceId, parentSampled) => parentSampled ?? true,
  parentbased_always_off: () => (_traceId, parentSampled) => parentSampled ?? false,
  parentbased_traceidratio: (ratio) => (traceId, parentSampled) => parentSampled ?? isOfShare(traceId, ratio),
} satisfies Record<string, (ratio: number) => Sampler>;
