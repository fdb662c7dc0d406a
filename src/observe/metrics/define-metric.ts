import { Counter, Gauge, type Registry } from 'prom-client';
import { type MetricName, type MetricRow, metricRows } from './metric-rows.ts';

/** The options of a metric: its row of the table, and the registry of its gateway. */
export type Define = (name: MetricName) => {
  readonly name: MetricName;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly registers: Registry[];
};

export function defineIn(registry: Registry): Define {
  const rows: Readonly<Record<MetricName, MetricRow>> = metricRows;
  return (name) => {
    const { help, labels = [] } = rows[name];
    return { name, help, labelNames: labels, registers: [registry] };
  };
}

/** Defines a gauge that is measured at each scrape. */
export function measured(define: Define, name: MetricName, measure: () => number): void {
  const gauge: Gauge = new Gauge({ ...define(name), collect: () => gauge.set(measure()) });
}

/** Defines a counter whose total another room keeps; it is read at each scrape. */
export function measuredCounter(define: Define, name: MetricName, total: () => number): void {
  const counter: Counter = new Counter({
    ...define(name),
    collect() {
      counter.reset();
      counter.inc(total());
    },
  });
}
