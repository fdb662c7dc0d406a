import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { createLog } from '../../src/observe/log/log.ts';
import { startCollector } from '../support/collector.ts';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { spansOf } from '../support/otlp.ts';
import { record, type Respond, startTestUpstream, text } from '../support/upstream.ts';

const query = '{ conference(tempConferenceId: "1") { title } }';
const hourMs = 3_600_000;
const marginMs = 5000;

/** Sets the system's time forward or back, for the whole process. */
function step(ms: number) {
  const { now } = Date;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

afterEach(() => void vi.restoreAllMocks());

/** An upstream that first answers with a `Retry-After` date by the system's clock. All later answers are good. */
function onceLater(delayMs: number): Respond {
  let asked = 0;
  return (received, response) => {
    asked += 1;
    if (asked > 1) return record({ title: '会' })(received, response);
    const at = new Date(Math.ceil((Date.now() + delayMs) / 1000) * 1000);
    text('{}', 429, { 'retry-after': at.toUTCString() })(received, response);
  };
}

describe.each([
  { direction: 'forward', ms: hourMs },
  { direction: 'back', ms: -hourMs },
])("a system's time that is set $direction by an hour while the gateway runs", ({ ms }) => {
  it('is the time of spans that begin afterwards', async () => {
    await using collector = await startCollector();
    await using upstream = await startTestUpstream(record());
    const gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    step(ms);
    const before = Date.now();
    await gateway.ask(query);
    await gateway.close();
    const spans = collector.received.flatMap(spansOf);
    expect(spans).toHaveLength(3);
    for (const { startNs, endNs } of spans) {
      expect(Math.abs(Number(startNs / 1_000_000n) - before)).toBeLessThan(marginMs);
      expect(endNs).toBeGreaterThanOrEqual(startNs);
    }
  });

  it('puts no span of a running request outside of its parent', async () => {
    await using collector = await startCollector();
    await using upstream = await startTestUpstream((received, response) => {
      step(ms);
      record()(received, response);
    });
    const gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    await gateway.ask(query);
    await gateway.close();
    const spans = collector.received.flatMap(spansOf);
    const request = spans.find(({ parentSpanId }) => parentSpanId === '');
    expect(spans).toHaveLength(3);
    for (const { startNs, endNs } of spans) {
      expect(startNs).toBeGreaterThanOrEqual(request?.startNs ?? 0n);
      expect(endNs).toBeGreaterThanOrEqual(startNs);
      expect(endNs).toBeLessThanOrEqual(request?.endNs ?? 0n);
      expect(Number(endNs - startNs) / 1e6).toBeLessThan(marginMs);
    }
  });

  it('is the time with which a Retry-After date is compared', async () => {
    await using upstream = await startTestUpstream(onceLater(0));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    step(ms);
    expect((await gateway.ask(query)).data).toEqual({ conference: { title: '会' } });
    expect(upstream.received).toHaveLength(2);
  });

  it('is the time of log lines', () => {
    const lines: string[] = [];
    const emit = createLog({
      level: 'info',
      readable: false,
      destination: { write: (line) => void lines.push(line) },
      clock: systemClock,
    });
    step(ms);
    emit({ event: 'stopping', signal: 'SIGTERM' });
    const { time }: { time: string } = JSON.parse(lines.join(''));
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(marginMs);
  });

  it('moves no deadline, and no duration in the log', async () => {
    await using upstream = await startTestUpstream(() => step(ms));
    await using gateway = await startTestGateway({
      UPSTREAM_URL: upstream.url,
      UPSTREAM_TIMEOUT_MS: '500',
    });
    expect(codesOf(await gateway.ask(query))).toEqual(['UPSTREAM_TIMEOUT']);
    const told = gateway.events.find(({ event }) => event === 'request');
    expect(told).toMatchObject({ upstreamMs: expect.closeTo(500, -3) });
    expect(told && 'durationMs' in told ? told.durationMs : -1).toBeGreaterThanOrEqual(490);
    expect(told && 'durationMs' in told ? told.durationMs : -1).toBeLessThan(marginMs);
  });
});
