import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { History } from '../live/history.ts';

export interface SparklineProps {
  readonly history: History;
  /** Until when the last number holds. */
  readonly untilMs: number;
  /** What it shows, in words. */
  readonly label: string;
}

const height = 56;

/** Steps, because between two events nothing changed; a gap where nobody knows. */
export function Sparkline({ history, untilMs, label }: SparklineProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);

  useEffect(() => {
    const { current: element } = place;
    if (!element) return;
    const created = new uPlot(optionsFor(element), [[], []], element);
    plot.current = created;
    const resized = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    // The colours are the scheme's.
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => created.redraw(true, false);
    scheme.addEventListener('change', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      resized.disconnect();
      created.destroy();
    };
  }, []);

  useEffect(() => plot.current?.setData(dataOf(history, untilMs)), [history, untilMs]);

  return <div ref={place} className="sparkline" role="img" aria-label={label} />;
}

function dataOf(history: History, untilMs: number): uPlot.AlignedData {
  const points = history.flatMap((point, place) => {
    const nextMs = history[place + 1]?.atMs ?? untilMs;
    // A number holds until the next: a step is drawn to its end, also before a gap.
    return nextMs > point.atMs ? [point, { ...point, atMs: nextMs - 1 }] : [point];
  });
  return [points.map(({ atMs }) => atMs / 1000), points.map(({ attendees }) => attendees)];
}

function optionsFor(element: HTMLElement): uPlot.Options {
  const color = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 2, 4, 2],
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: true },
      // Never a mountain out of one person, and no zero line either: what is shown is how it moves.
      y: { range: (_plot, min = 0, max = 0) => [Math.max(0, min - 2), max + 2] },
    },
    series: [
      {},
      {
        ...(stepped && { paths: stepped }),
        stroke: color('--line'),
        fill: color('--line-area'),
        width: 2,
        points: { show: false },
        spanGaps: false,
      },
    ],
  };
}
