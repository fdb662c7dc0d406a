import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { exchangeRaw, rawPost } from '../support/raw.ts';
import { record, startTestUpstream, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startTestUpstream(record({ title: 'served' }));
  gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
});

const query = '{ conference(tempConferenceId: "1") { title } }';
const json = 'application/json';
const graphqlJson = 'application/graphql-response+json';

/** Sends a query with these `Accept` header lines. Returns the answer, and the number of its calls upstream. */
async function ask(...accept: readonly string[]) {
  const before = upstream.received.length;
  const lines = ['token: t', ...accept.map((value) => `accept: ${value}`)];
  const answer = await exchangeRaw(gateway.url, rawPost(query, lines));
  return {
    status: Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)),
    type: /^content-type: (.*?)(?:;.*)?\r$/im.exec(answer)?.[1],
    answer,
    calls: upstream.received.length - before,
  };
}

describe('a query whose Accept is', () => {
  it.each([
    { accept: [], type: json },
    { accept: [''], type: json },
    { accept: ['*/*'], type: json },
    { accept: ['application/*'], type: json },
    { accept: [json], type: json },
    { accept: [graphqlJson], type: graphqlJson },
    { accept: [`${graphqlJson}, ${json}`], type: graphqlJson },
    { accept: [`${json}, ${graphqlJson}`], type: json },
    { accept: [json, graphqlJson], type: json },
    { accept: [`${json};q=0.1, ${graphqlJson}`], type: graphqlJson },
    { accept: [`${graphqlJson};q=0.2,${json};q=0.9`], type: json },
    { accept: [`${graphqlJson}; Q = 0.2 , ${json} ; q=.9`], type: json },
    { accept: [`${json};q=0, */*`], type: graphqlJson },
    { accept: [`*/*, ${json};q=0`], type: graphqlJson },
    { accept: [`application/*;q=0.5, ${graphqlJson};q=0.4`], type: json },
    { accept: ['application/json; charset=utf8'], type: json },
    { accept: ['application/json;charset="utf-8"'], type: json },
    { accept: ['application/json;charset=UTF-8;q=0.5'], type: json },
    { accept: ['APPLICATION/JSON'], type: json },
    { accept: ['Application/GraphQL-Response+JSON; charset=UTF-8'], type: graphqlJson },
    { accept: [`application/json;profile="a, b;q=0", ${graphqlJson};q=0.5`], type: json },
    { accept: ['application/json;q=0.5;ext=1'], type: json },
    { accept: ['application/json;callbackSpec="1.0"'], type: json },
    { accept: [`multipart/mixed;deferSpec=20220824, ${graphqlJson}, ${json};q=0.9`], type: graphqlJson },
    { accept: [`text/event-stream, ${json}`], type: json },
    { accept: ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'], type: json },
    { accept: [`, ,${json},`], type: json },
    { accept: [`${json};q=high`], type: json },
    { accept: ['text/event-stream'], type: 'text/event-stream' },
    { accept: ['multipart/mixed;subscriptionSpec=1.0'], type: 'multipart/mixed' },
    { accept: ['multipart/mixed;q=0.5, text/event-stream'], type: 'text/event-stream' },
  ])('$accept gets $type', async ({ accept, type }) => {
    const answer = await ask(...accept);
    expect(answer).toMatchObject({ status: 200, type });
    expect(answer.answer).toContain('served');
  });

  it.each([
    'image/png',
    'text/html',
    'application/xml',
    'application/jsonp',
    'application/json;q=0',
    'application/json; q=0.000',
    '*/*;q=0',
    `${json};q=0, ${graphqlJson};q=0, text/event-stream;q=0, multipart/mixed;q=0, image/png`,
    'json',
    'text/plain, application/json-patch+json',
  ])('%s gets 406 before any call', async (accept) => {
    const answer = await ask(accept);
    expect(answer).toMatchObject({ status: 406, type: json, calls: 0 });
    expect(answer.answer).toContain('"code":"BAD_REQUEST"');
  });

  it('two types with random weights gets the type with the greater weight', async () => {
    const weight = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
    await fc.assert(
      fc.asyncProperty(weight, weight, async (ofJson, ofGraphqlJson) => {
        const { status, type } = await ask(`${json};q=${ofJson}, ${graphqlJson};q=${ofGraphqlJson}`);
        if (ofJson === 0 && ofGraphqlJson === 0) expect(status).toBe(406);
        else expect(type).toBe(ofJson >= ofGraphqlJson ? json : graphqlJson);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a refusal', () => {
  it.each([
    { accept: `${json};q=0.1, ${graphqlJson}`, type: graphqlJson },
    { accept: `${graphqlJson};q=0, */*`, type: json },
    { accept: 'text/event-stream', type: json },
  ])('is $type if Accept is $accept', async ({ accept, type }) => {
    const response = await fetch(gateway.url, { method: 'POST', headers: { accept }, body: '{' });
    expect(response.status).toBe(415);
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  });
});

describe('GraphiQL', () => {
  it.each([
    { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', page: true },
    { accept: 'Text/HTML', page: true },
    { accept: 'text/html;q=0, */*', page: false },
    { accept: `${json}, text/html;q=0.1`, page: false },
    { accept: '*/*', page: false },
  ])('is shown ($page) if Accept is $accept', async ({ accept, page }) => {
    const response = await fetch(gateway.url, { headers: { accept } });
    expect(response.headers.get('content-type')?.startsWith('text/html')).toBe(page);
  });
});
