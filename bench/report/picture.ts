import { median } from '../percentile.ts';
import type { Measured } from './measure.ts';

const width = 900;
const labelWidth = 170;
const barHeight = 22;
const gap = 6;
const titleHeight = 34;

interface Chart {
  readonly title: string;
  readonly measured: readonly Measured[];
}

/** Bars of CPU microseconds a request, the median of the rounds, with a line from the least to the most. */
export function pictureOf(charts: readonly Chart[]): string {
  let top = 10;
  const parts = charts.map((chart) => {
    const part = `<g transform="translate(0 ${top})">${barsOf(chart)}</g>`;
    top += titleHeight + chart.measured.length * (barHeight + gap) + 14;
    return part;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${width}" height="${top}" fill="white"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function barsOf({ title, measured }: Chart): string {
  const cpu = measured.map(({ samples }) => samples.map(({ cpuMicros }) => cpuMicros));
  const room = width - labelWidth - 190;
  const scale = room / Math.max(...cpu.flat());
  const bars = measured.map(({ title: server, name, ratios }, index) => {
    const values = cpu[index] ?? [];
    const y = titleHeight + index * (barHeight + gap);
    const middle = y + barHeight / 2;
    const [least, most] = [Math.min(...values), Math.max(...values)].map((value) =>
      (labelWidth + value * scale).toFixed(1),
    );
    const colour = name === 'ours' ? '#2563eb' : name === 'proxy' ? '#6b7280' : '#cbd5e1';
    return [
      `<text x="${labelWidth - 8}" y="${middle + 5}" text-anchor="end">${server}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${(median(values) * scale).toFixed(1)}" height="${barHeight}" fill="${colour}"/>`,
      `<path d="M${least} ${middle}H${most}M${least} ${middle - 5}v10M${most} ${middle - 5}v10" stroke="#111827" fill="none"/>`,
      `<text x="${Number(most) + 8}" y="${middle + 5}">${median(values).toFixed(1)} µs · ${median(ratios).toFixed(2)}×</text>`,
    ].join('');
  });
  return [`<text x="10" y="20" font-weight="600">${title}</text>`, ...bars].join('\n');
}
