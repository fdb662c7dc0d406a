import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { exchangeRaw } from '../support/raw.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';
import { attacker, operation, times } from './attack.ts';
import { documents } from './documents.ts';
import { inputs, requests } from './inputs.ts';

let upstream: TestUpstream;
let gateway: GatewayProcess;
beforeAll(async () => {
  upstream = await startTestUpstream(record({ title: 'served' }));
  gateway = await startGatewayProcess({ UPSTREAM_URL: upstream.url });
  // Warm up: the first requests are slow because the code is not optimised yet.
  for (const { bytes } of [...documents, ...inputs, ...documents]) {
    await exchangeRaw(gateway.url, bytes(0));
    await askAsNeighbour();
  }
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function askAsNeighbour(): Promise<unknown> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', token: 'neighbour' },
    body: JSON.stringify({ query: '{ conference(tempConferenceId: "1") { title } }' }),
  });
  return response.json();
}

/** The statuses of all answers on one connection. */
const statusesIn = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
const codesIn = (answer: string) => [...answer.matchAll(/"code":"([^"]*)"/g)].map(([, code]) => code);

describe.each([
  { kind: 'a document', attacks: documents },
  { kind: 'an input', attacks: inputs },
  { kind: 'a request', attacks: requests },
])('$kind', ({ attacks }) => {
  it.each(attacks)(
    '$what: $status $code, within 20 ms, without a call upstream, while another caller is served',
    async (attack) => {
      const delays: number[] = [];
      // Other processes on the machine delay the event loop too, but rarely each time: the smallest delay counts.
      for (let nonce = 1; nonce <= 5 && Math.min(...delays) > 20; nonce += 1) {
        await gateway.loopDelay();
        const [answer, neighbour] = await Promise.all([
          exchangeRaw(gateway.url, attack.bytes(nonce)),
          askAsNeighbour(),
        ]);
        delays.push(await gateway.loopDelay());
        expect(statusesIn(answer)).toEqual([attack.status]);
        expect(new Set(codesIn(answer))).toEqual(new Set([attack.code]));
        expect(Buffer.byteLength(answer)).toBeLessThan(2048 + 512);
        expect(neighbour).toEqual({ data: { conference: { title: 'served' } } });
      }
      expect(Math.min(...delays)).toBeLessThanOrEqual(20);
    },
  );
});

describe('an operation at its limits', () => {
  it.each([
    {
      what: '100 conferences of 99 fields',
      query: `query ($ids: [ID!]!) { conferences(tempConferenceIds: $ids) { ${times(99, (at) => `a${at}: title`)} } }`,
    },
    {
      what: '90 conferences by alias',
      query: `{ ${times(90, (at) => `a${at}: conference(tempConferenceId: ${at}) {title}`)} }`,
    },
  ])('$what: is served, and blocks the event loop for at most 20 ms', async ({ query }) => {
    const delays: number[] = [];
    const variables = { ids: Array.from({ length: 100 }, (_, at) => String(at)) };
    for (let nonce = 0; nonce < 5 && Math.min(...delays) > 20; nonce += 1) {
      await gateway.loopDelay();
      const answer = await exchangeRaw(gateway.url, operation(query, variables, 'customer'));
      delays.push(await gateway.loopDelay());
      expect(answer.match(/"served"/g)?.length).toBeGreaterThanOrEqual(90);
      expect(codesIn(answer)).toEqual([]);
    }
    expect(Math.min(...delays)).toBeLessThanOrEqual(20);
  });
});

it('no attack caused a call upstream', () => {
  expect(upstream.received.filter(({ token }) => token === attacker)).toEqual([]);
});

it('no attack was logged as a defect', () => {
  expect(gateway.lines.filter((line) => line.includes('"event":"defect"'))).toEqual([]);
});
