import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { exchangeRaw } from '../support/raw.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';
import { operation, times } from './attack.ts';

const records: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  long: { title: 'x'.repeat(60_000) },
  half: { title: `${'x'.repeat(30_000)}\ud83d` },
  controls: { title: '\u0001'.repeat(10_000) },
  bad: { title: 7 },
};
let upstream: TestUpstream;
let gateway: GatewayProcess;
beforeAll(async () => {
  upstream = await startTestUpstream((received, response) =>
    record(records[received.id] ?? { title: 'short' })(received, response),
  );
  gateway = await startGatewayProcess({ UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const places = (id: string, count: number, selection: string) =>
  `{ conferences(tempConferenceIds: [${times(count, () => `"${id}"`)}]) { ${selection} } }`;
const titles = (count: number, alias = 'a') => times(count, (at) => `${alias}${at}: title`);
const ask = (query: string) => exchangeRaw(gateway.url, operation(query));
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));

// Other processes on the machine delay the event loop too, but rarely each time: the smallest delay counts.
async function leastDelay(query: string, limitMs: number, look: (answer: string) => void): Promise<number> {
  let least = Infinity;
  for (let nonce = 0; nonce < 30 && least > limitMs; nonce += 1) {
    await gateway.loopDelay();
    look(await ask(query + ' '.repeat(nonce)));
    least = Math.min(least, await gateway.loopDelay());
  }
  return least;
}

describe('an answer that grows', () => {
  it('is served whole up to MAX_ANSWER_BYTES', async () => {
    // 69 titles are below the limit, 70 are 4.2 MB.
    const { data } = bodyOf(await ask(places('long', 1, titles(69))));
    expect(Object.keys(data.conferences[0])).toHaveLength(69);
    const more = bodyOf(await ask(places('long', 1, titles(70))));
    expect(more).toMatchObject({ data: null, errors: [{ extensions: { code: 'ANSWER_TOO_LARGE' } }] });
  });

  it.each([
    {
      what: 'one long title under 190 aliases in 46 places',
      query: places('long', 46, titles(190)),
      allowed: places('long', 1, titles(69)),
    },
    {
      what: 'a title with half a surrogate pair, which is replaced in each field',
      query: places('half', 46, titles(190)),
      allowed: places('half', 1, titles(138)),
    },
    {
      what: 'a title whose characters take six bytes each',
      query: places('controls', 46, titles(190)),
      allowed: places('controls', 1, titles(69)),
    },
    {
      what: '8,740 errors from one bad value',
      query: places('bad', 46, titles(190)),
      allowed: places('bad', 10, titles(99)),
    },
    {
      what: 'error paths that repeat an alias of 20,000 characters',
      query: places('bad', 150, titles(1, 'a'.repeat(20_000))),
      allowed: places('bad', 90, titles(1, 'a'.repeat(20_000))),
    },
  ])('beyond the limit ends with one error, within 50 ms and 30 MB: $what', async ({ query, allowed }) => {
    // First, the largest allowed answers: V8 grows its young generation for them, and this memory does not count.
    for (let nonce = 0; nonce < 10; nonce += 1)
      expect(bodyOf(await ask(allowed + ' '.repeat(nonce))).data).not.toBeNull();
    const before = await gateway.peakBytes();
    const least = await leastDelay(query, 50, (answer) => {
      expect(bodyOf(answer)).toEqual({
        data: null,
        errors: [{ message: expect.any(String), extensions: { code: 'ANSWER_TOO_LARGE' } }],
      });
    });
    expect(least).toBeLessThanOrEqual(50);
    expect((await gateway.peakBytes()) - before).toBeLessThanOrEqual(30_000_000);
  });

  it('with 990 errors is served, within 50 ms even behind 900 line breaks', async () => {
    const query = `${'\n'.repeat(900)}${places('bad', 10, titles(99))}`;
    const least = await leastDelay(query, 50, (answer) => {
      const { data, errors } = bodyOf(answer);
      expect(data.conferences).toHaveLength(10);
      expect(errors).toHaveLength(990);
      expect(errors[989]).toMatchObject({
        path: ['conferences', 9, 'a98'],
        locations: [{ line: 901 }],
        extensions: { code: 'UPSTREAM_INVALID_FIELD' },
      });
    });
    expect(least).toBeLessThanOrEqual(50);
  });
});
