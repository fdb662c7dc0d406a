import type { TestGateway } from './gateway.ts';

/** The result of a scrape: values by series, such as `gateway_upstream_circuit{state="open"}`. */
export interface Scrape {
  readonly text: string;
  readonly contentType: string | null;
  readonly values: ReadonlyMap<string, number>;
}

/** The URL of the metrics, from the event of the start. */
export function metricsUrl({ events }: Pick<TestGateway, 'events'>): URL {
  const started = events.find((event) => event.event === 'started');
  if (!started?.metrics) throw new Error('the gateway serves no metrics');
  return new URL(started.metrics);
}

export const scrape = (gateway: Pick<TestGateway, 'events'>): Promise<Scrape> =>
  scrapeAt(metricsUrl(gateway));

export async function scrapeAt(url: URL): Promise<Scrape> {
  const response = await fetch(url);
  const text = await response.text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const values = new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
  return { text, contentType: response.headers.get('content-type'), values };
}
