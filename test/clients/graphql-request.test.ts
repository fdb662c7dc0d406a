import { ClientError, gql, GraphQLClient } from 'graphql-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const query = gql`
  query Titles($ids: [ID!]!) {
    conferences(tempConferenceIds: $ids) {
      title
    }
  }
`;

const createClient = (options: { readonly errorPolicy?: 'all' } = {}) =>
  new GraphQLClient(gateway.url.href, { headers: { token: 'anna' }, ...options });

describe('graphql-request', () => {
  it('asks', async () => {
    expect(await createClient().request(query, { ids: ['56039682'] })).toEqual({
      conferences: [{ title: '产品发布会' }],
    });
  });

  it('throws an error with its code', async () => {
    const asked = createClient().request(query, { ids: ['56039682', '56039701'] });
    const error = await asked.catch((thrown: unknown) => thrown);
    if (!(error instanceof ClientError)) throw error;
    expect(error.response.errors?.[0]).toMatchObject({
      path: ['conferences', 1],
      extensions: { code: 'UPSTREAM_REJECTED', upstream: { status: 20003 } },
    });
  });

  it('gives the rest beside the error with errorPolicy all', async () => {
    const { data, errors } = await createClient({ errorPolicy: 'all' }).rawRequest(query, {
      ids: ['56039682', '56039701'],
    });
    expect(data).toEqual({ conferences: [{ title: '产品发布会' }, null] });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['UPSTREAM_REJECTED']);
  });
});
