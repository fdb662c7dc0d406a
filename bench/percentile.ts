/** The value that so many per cent do not exceed; NaN of none. */
export function percentile(values: readonly number[], perCent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * perCent) / 100) - 1)] ?? NaN;
}

export const median = (values: readonly number[]) => percentile(values, 50);
