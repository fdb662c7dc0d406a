import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { startFaultServer } from '../support/fault-server.ts';
import { http, send, status, well } from '../support/faults.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

describe('a call', () => {
  it.each([
    { what: 'a 502', fault: status(502), attempts: 2 },
    { what: 'a 503', fault: status(503), attempts: 2 },
    { what: 'a 504', fault: status(504), attempts: 2 },
    { what: 'a 503 with a Retry-After that fits', fault: status(503, 'retry-after: 0\r\n'), attempts: 2 },
    {
      what: 'a 503 with a Retry-After that does not fit',
      fault: status(503, 'retry-after: 60\r\n'),
      attempts: 1,
    },
    { what: 'a 429 with a Retry-After that fits', fault: status(429, 'retry-after: 0\r\n'), attempts: 2 },
    {
      what: 'a 429 with a Retry-After that is past',
      fault: status(429, 'retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n'),
      attempts: 2,
    },
    {
      what: 'a 429 with a Retry-After that does not fit',
      fault: status(429, 'retry-after: 2\r\n'),
      attempts: 1,
    },
    {
      what: 'a 429 with an invalid Retry-After',
      fault: status(429, 'retry-after: soon\r\n'),
      attempts: 1,
    },
    { what: 'a 429 without a Retry-After', fault: status(429), attempts: 1 },
    { what: 'a 500', fault: status(500), attempts: 1 },
    { what: 'a 501', fault: status(501), attempts: 1 },
    { what: 'a 400', fault: status(400), attempts: 1 },
    { what: 'a 401', fault: status(401), attempts: 1 },
    { what: 'a 403', fault: status(403), attempts: 1 },
    { what: 'a 404', fault: status(404), attempts: 1 },
    { what: 'a 408', fault: status(408), attempts: 1 },
    { what: 'a 302', fault: status(302), attempts: 1 },
    { what: 'a business status', fault: send(http('{"status":50013,"msg":"no"}')), attempts: 1 },
    { what: 'an answer that is not JSON', fault: send(http('<html>')), attempts: 1 },
  ])('with $what is sent $attempts times', async ({ fault, attempts }) => {
    await using server = await startFaultServer(({ nth }) => (nth === 1 ? fault : well));
    await using way = openUpstream(server.url);
    const settled = await way.call();
    expect(settled.attempts).toBe(attempts);
    expect(server.asked).toHaveLength(attempts);
    expect(settled.outcome.kind === 'answer').toBe(attempts === 2);
  });

  it('is sent twice at most, however often it fails', async () => {
    await using server = await startFaultServer(() => status(503));
    await using way = openUpstream(server.url);
    expect(await way.call()).toMatchObject({
      outcome: { kind: 'unavailable', reason: 'http-status' },
      attempts: 2,
    });
    expect(server.asked).toHaveLength(2);
  });

  it('is not retried with less than 50 ms left', async () => {
    const clock = createTestClock();
    await using server = await startFaultServer(() => (socket) => {
      clock.advance(151);
      socket.resetAndDestroy();
    });
    await using way = openUpstream(server.url, { timeoutMs: 200 }, { clock });
    expect(await way.call()).toMatchObject({ outcome: { kind: 'unavailable' }, attempts: 1 });
  });

  it.each([0, 0.5, 0.999])('waits a random part of 50 ms before its retry, here %d', async (share) => {
    const asked: number[] = [];
    await using server = await startFaultServer(({ nth }) => {
      asked.push(performance.now());
      return nth === 1 ? status(503) : well;
    });
    await using way = openUpstream(server.url, {}, { random: () => share });
    expect(titleOf(await way.call())).toBe('token-1');
    const [first = 0, second = 0] = asked;
    expect(second - first).toBeGreaterThan(share * 50 - 2);
    expect(second - first).toBeLessThan(share * 50 + 100);
  });
});

describe('an upstream that fails some of the calls', () => {
  const concurrency = 10;
  /** @param failing how many of each hundred requests fail. */
  const requestsFor = async (calls: number, failing: number) => {
    let failed = 0;
    await using server = await startFaultServer(() => {
      // Failures are spread evenly, so that two runs are equal.
      failed += failing;
      if (failed < 100) return well;
      failed -= 100;
      return status(503);
    });
    await using way = openUpstream(server.url, { concurrency }, { random: () => 0 });
    let done = 0;
    const callMany = async () => {
      while (done < calls) {
        done += 1;
        await way.call({ id: String(done) });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, callMany));
    return server.asked.length;
  };

  it('gets at most 1.02 requests per call if 1 % fail, in 10,000 calls', async () => {
    expect(await requestsFor(10_000, 1)).toBeLessThanOrEqual(10_200);
  });

  it('gets at most 1.10 requests per call if 40 % fail, beyond the first content of the budget', async () => {
    expect(await requestsFor(10_000, 40)).toBeLessThanOrEqual(11_000 + concurrency);
  });

  it('gets hardly any requests if all fail: the circuit breaker is open', async () => {
    expect(await requestsFor(10_000, 100)).toBeLessThan(100);
  });
});
