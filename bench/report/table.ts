import { median } from '../percentile.ts';
import type { Measured, Sample } from './measure.ts';

/** A scene as a table of Markdown: medians of the rounds, and from the least to the most what matters. */
export function tableOfScene(title: string, measured: readonly Measured[]): string {
  return [
    `### ${title}`,
    '',
    '| | CPU a request | × the proxy | requests/s | p50 | p99 | calls a request | resident |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...measured.map(rowOf),
  ].join('\n');
}

function rowOf({ title, samples, ratios }: Measured): string {
  const of = (figure: keyof Sample) => median(samples.map((sample) => sample[figure]));
  const cells = [
    title,
    `${of('cpuMicros').toFixed(1)} µs (${rangeOf(samples.map(({ cpuMicros }) => cpuMicros), 1)})`,
    `${median(ratios).toFixed(2)} (${rangeOf(ratios, 2)})`,
    of('perSecond').toFixed(0),
    `${of('p50Ms').toFixed(2)} ms`,
    `${of('p99Ms').toFixed(2)} ms`,
    of('calls').toFixed(3),
    `${(of('residentBytes') / 1e6).toFixed(0)} MB`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const rangeOf = (values: readonly number[], digits: number) =>
  `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
