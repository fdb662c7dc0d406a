import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { startTestUpstream, text } from '../support/upstream.ts';

const query = '{ conference(tempConferenceId: "1") { title } }';

/** The extensions of the only error, if the upstream answers with this status and these headers. */
async function extensionsFor(status: number, headers: Readonly<Record<string, string>> = {}, asked = 1) {
  await using upstream = await startTestUpstream(text('{}', status, headers));
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  for (let nth = 1; nth < asked; nth += 1) await gateway.ask(query);
  const { errors } = await gateway.ask(query);
  return errors[0]?.extensions;
}

describe('retryAfterSeconds comes with retryable', () => {
  it.each([
    { status: 429, header: '30', seconds: 30 },
    { status: 503, header: '120', seconds: 120 },
    { status: 500, header: '7', seconds: 7 },
    { status: 503, header: '999999999', seconds: 3600 },
  ])("as the upstream's $status with Retry-After: $header says", async ({ status, header, seconds }) => {
    expect(await extensionsFor(status, { 'retry-after': header })).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
      retryAfterSeconds: seconds,
    });
  });

  it("from a date, compared with the system's time", async () => {
    const header = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfterSeconds } = (await extensionsFor(429, { 'retry-after': header })) ?? {};
    expect(Number(retryAfterSeconds)).toBeGreaterThan(50);
    expect(Number(retryAfterSeconds)).toBeLessThanOrEqual(60);
  });

  it('until the next trial of the circuit breaker, while it is open', async () => {
    const extensions = await extensionsFor(500, {}, 21);
    expect(extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(extensions).not.toHaveProperty('upstream');
  });
});

it.each([
  { status: 429, headers: {} },
  { status: 503, headers: { 'retry-after': 'soon' } },
  { status: 503, headers: { 'retry-after': '1.5' } },
  { status: 403, headers: { 'retry-after': '5' } },
])('is left out if the time is not known: $status $headers', async ({ status, headers }) => {
  expect(await extensionsFor(status, headers)).not.toHaveProperty('retryAfterSeconds');
});
