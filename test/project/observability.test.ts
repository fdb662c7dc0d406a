import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { events } from '../../src/observe/events.ts';
import { startTestGateway } from '../support/gateway.ts';
import { scrape } from '../support/metrics.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The names in the first column of the table of docs/observability.md that is made from this source. */
function documented(source: string): string[] {
  const [, table = ''] = read('docs/observability.md').split(`made from ${source} -->`);
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
}

/** The names of metrics in a rule or a panel, without the suffixes that a histogram's series have. */
const metricsIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:gateway|process|nodejs)_[a-z\d_]+/g)].map(([name]) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  );

describe('the page on what is seen from outside', () => {
  it('names each event that something in the code tells of, and no other', () => {
    const sources = globSync('src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('/events.ts'));
    const told = sources.flatMap((path) =>
      [...read(path).matchAll(/\bevent: '(\w+)'/g)].map(([, name = '']) => name),
    );
    expect(documented('src/observe/events.ts').toSorted()).toEqual([...new Set(told)].toSorted());
    expect(documented('src/observe/events.ts')).toEqual(Object.keys(events));
  });

  it('names each metric that a scrape gives, and no other', async () => {
    await using gateway = await startTestGateway({ METRICS_PORT: '0' });
    const { text } = await scrape(gateway);
    const given = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
    expect(
      documented('src/observe/metrics/metric-rows.ts').toSorted(),
      'a row of src/observe/metrics/metric-rows.ts has no metric in src/observe/metrics/event-metrics.ts or its neighbours',
    ).toEqual(given.toSorted());
  });
});

describe('what is shipped for Prometheus and Grafana', () => {
  it.each([
    'deploy/alerts.yml',
    'deploy/alerts.test.yml',
    'deploy/grafana-dashboard.json',
    'docs/operating.md',
  ])('%s asks only for metrics that there are', (path) => {
    const asked = metricsIn(read(path));
    expect(asked).not.toEqual([]);
    expect(documented('src/observe/metrics/metric-rows.ts')).toEqual(
      expect.arrayContaining([...new Set(asked)]),
    );
  });

  it('shows each metric of the gateway on the board', () => {
    const shown = new Set(metricsIn(read('deploy/grafana-dashboard.json')));
    const missing = documented('src/observe/metrics/metric-rows.ts').filter(
      (name) => name.startsWith('gateway_') && !shown.has(name),
    );
    expect(missing).toEqual([]);
  });

  it('has for each alert a heading that says what to do, for each heading an alert, and a test of it', () => {
    const [, fromAlertsOn = ''] = read('docs/operating.md').split('\n## Alerts\n');
    const [section = ''] = fromAlertsOn.split('\n## ');
    const headings = [...section.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    const rules = read('deploy/alerts.yml');
    const alerts = [...rules.matchAll(/- alert: (\w+)$/gm)].map(([, name = '']) => name);
    expect(headings).toEqual(alerts);
    expect([...rules.matchAll(/runbook: (\S+)$/gm)].map(([, runbook]) => runbook)).toEqual(
      alerts.map((name) => `docs/operating.md#${name.toLowerCase()}`),
    );
    const tested = read('deploy/alerts.test.yml');
    for (const name of alerts) {
      expect(tested).toContain(`alertname: ${name} `);
      expect(tested).toContain(`alertname="${name}"`);
    }
  });
});
