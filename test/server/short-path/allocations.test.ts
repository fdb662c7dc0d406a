import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Pool } from 'undici';
import { startGatewayProcess } from '../../support/process.ts';
import { startTestUpstream } from '../../support/upstream.ts';

/** 42.6 kB were measured when this was written, ± 20 bytes from run to run. Bytes, unlike time, do not depend on the load of the machine. */
const limitBytes = 45_000;
const connections = 16;

const exampleId = '56039682';
const fixture = new URL(`../../fixtures/conference-${exampleId}.json`, import.meta.url);
const example = JSON.stringify(JSON.parse(readFileSync(fixture, 'utf8')));
const query = `query Card($id: ID!) {
  conference(tempConferenceId: $id) { title status startTime host { name } counters { attendees } }
}`;

it(`a request allocates at most ${limitBytes} bytes: a new closure or promise per request would show`, async () => {
  // A record without drift.
  await using upstream = await startTestUpstream(({ id }, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(example.replaceAll(exampleId, id));
  });
  await using gateway = await startGatewayProcess({ UPSTREAM_URL: upstream.url, METRICS_PORT: '0' });
  const pool = new Pool(gateway.url.origin, { connections });
  let asked = 0;

  const ask = async () => {
    asked += 1;
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', token: `token-${asked % 100}` },
      body: JSON.stringify({ query, variables: { id: `${asked}` } }),
    });
    expect({ statusCode, answer: await body.json() }).toMatchObject({
      statusCode: 200,
      answer: { data: { conference: { status: 'IN_PROGRESS' } } },
    });
  };
  const askOften = async (times: number) => {
    const askInTurn = async () => {
      for (let time = 0; time < times / connections; time += 1) await ask();
    };
    await Promise.all(Array.from({ length: connections }, askInTurn));
  };

  // Warm up: code that is not optimised yet allocates more.
  await askOften(6000);
  const bytes = await gateway.allocatedDuring(() => askOften(3200));
  await pool.close();
  // A sampler that measures nothing must not pass.
  expect(bytes / 3200).toBeGreaterThan(10_000);
  expect(bytes / 3200).toBeLessThan(limitBytes);
}, 60_000);
