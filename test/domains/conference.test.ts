import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesOf, startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, text } from '../support/upstream.ts';

const everyField = `
  tempConferenceId eventId title status statusCode startTime stopTime durationSeconds isSecure isRecorded dataCenter
  billingCode customerCode participantPassword observedAt
  host { user { id } name email mobile organization { id } ip location }
  counters {
    attendees voipConnections pstnConnections videoShares screenShares mcuAttendees boxAttendees rawAttendees
    rawPstnAttendees
  }
`;

const example = {
  tempConferenceId: '56039682',
  eventId: '1165158',
  title: '产品发布会',
  status: 'IN_PROGRESS',
  statusCode: 2,
  startTime: '2024-05-13T11:33:20Z',
  stopTime: null,
  durationSeconds: 3600,
  isSecure: false,
  isRecorded: true,
  dataCenter: '阿里云',
  billingCode: '990001_239848688',
  customerCode: '990001',
  participantPassword: '123456',
  observedAt: '2026-03-26T08:46:08.581Z',
  host: {
    user: { id: '10001' },
    name: '张三',
    email: 'zhangsan@example.com',
    mobile: '13800000000',
    organization: { id: '2001' },
    ip: '10.0.0.1',
    location: '上海',
  },
  counters: {
    attendees: 15,
    voipConnections: 10,
    pstnConnections: 2,
    videoShares: 8,
    screenShares: 3,
    mcuAttendees: 0,
    boxAttendees: 0,
    rawAttendees: 15,
    rawPstnAttendees: 2,
  },
};

describe("the contract's example", () => {
  const one = `{ conference(tempConferenceId: "56039682") { ${everyField} } }`;

  it('is served with each of its fields by the simulator', async () => {
    await using gateway = await startTestGateway();
    expect(await gateway.ask(one)).toMatchObject({ status: 200, data: { conference: example }, errors: [] });
  });

  it.each(['header', 'body'])('is read from its bytes, with the token in the %s', async (tokenIn) => {
    const bytes = readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8');
    await using upstream = await startTestUpstream(text(bytes));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url, UPSTREAM_TOKEN_IN: tokenIn });

    expect(await gateway.ask(one, { token: 'mine' })).toMatchObject({
      data: { conference: example },
      errors: [],
    });
    const [received] = upstream.received;
    expect(received).toMatchObject({
      path: '/confopenapi/admin/dashboard/conference/info',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      token: 'mine',
      body:
        tokenIn === 'header'
          ? { tempConferenceId: '56039682' }
          : { tempConferenceId: '56039682', token: 'mine' },
    });
    expect('token' in (received?.headers ?? {})).toBe(tokenIn === 'header');
  });

  it('keeps the path prefix of the upstream', async () => {
    await using upstream = await startTestUpstream(record());
    await using gateway = await startTestGateway({ UPSTREAM_URL: `${upstream.url}/api/v1/` });
    await gateway.ask('{ conference(tempConferenceId: "1") { title } }');
    expect(upstream.received[0]?.path).toBe('/api/v1/confopenapi/admin/dashboard/conference/info');
  });
});

describe('a record', () => {
  const ask = async (fields: Readonly<Record<string, unknown>>, selection: string) => {
    await using upstream = await startTestUpstream(record(fields));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    return await gateway.ask(`{ conference(tempConferenceId: "1") { title ${selection} } }`);
  };

  it.each([
    { fields: { startTime: 'yesterday' }, selection: 'startTime', path: ['startTime'] },
    {
      fields: { attendeeCnt: 3_000_000_000 },
      selection: 'counters { attendees }',
      path: ['counters', 'attendees'],
    },
    { fields: { hostId: {} }, selection: 'host { user { id } }', path: ['host', 'user'] },
    { fields: { status: '2' }, selection: 'status statusCode', path: ['statusCode'] },
    { fields: { isRecord: 1 }, selection: 'isRecorded', path: ['isRecorded'] },
    { fields: { hostName: 7 }, selection: 'host { name }', path: ['host', 'name'] },
  ])('with $fields loses that one field and serves the rest', async ({ fields, selection, path }) => {
    const reply = await ask({ title: 'kept', ...fields }, selection);
    expect(reply).toMatchObject({ status: 200, data: { conference: { title: 'kept' } } });
    expect(reply.errors).toMatchObject([
      {
        path: ['conference', ...path],
        extensions: { code: 'UPSTREAM_INVALID_FIELD', upstream: { status: 0, httpStatus: 200 } },
      },
    ]);
  });

  it('of nothing but its ID has null wherever it says nothing', async () => {
    const { data, errors } = await ask({}, everyField.replace('title', ''));
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      conference: {
        title: null,
        status: 'UNKNOWN',
        statusCode: null,
        startTime: null,
        host: { user: null, organization: null, name: null },
        counters: { attendees: null },
        observedAt: null,
      },
    });
  });

  it('that names no host or organization by 0 has none', async () => {
    const { data } = await ask({ hostId: 0, hostOrgId: 0 }, 'host { user { id } organization { id } }');
    expect(data).toMatchObject({ conference: { host: { user: null, organization: null } } });
  });

  it('with IDs beyond 2^53 has them to the digit', async () => {
    await using upstream = await startTestUpstream(
      text(
        '{"status":0,"result":{"eventId":-9223372036854775808,"hostId":9223372036854775807,"hostOrgId":"9007199254740993"}}',
      ),
    );
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const { data } = await gateway.ask(
      '{ conference(tempConferenceId: "1") { eventId host { user { id } organization { id } } } }',
    );
    expect(data).toEqual({
      conference: {
        eventId: '-9223372036854775808',
        host: { user: { id: '9223372036854775807' }, organization: { id: '9007199254740993' } },
      },
    });
  });

  it('that is null where all is well is no error', async () => {
    await using upstream = await startTestUpstream(text('{"status":0,"result":null}'));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    expect(await gateway.ask('{ conference(tempConferenceId: "1") { title } }')).toMatchObject({
      data: { conference: null },
      errors: [],
    });
  });
});

describe('several conferences', () => {
  it('come in the order asked, one that fails null in its place with an error that names the place', async () => {
    await using upstream = await startTestUpstream((received, response) =>
      (received.id === '4' ? text('{"status":7,"msg":"不行"}') : record())(received, response),
    );
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const ids = ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'];
    const { data, errors } = await gateway.ask(
      'query ($ids: [ID!]!) { conferences(tempConferenceIds: $ids) { tempConferenceId } }',
      { variables: { ids } },
    );
    expect(data).toEqual({ conferences: ids.map((id) => (id === '4' ? null : { tempConferenceId: id })) });
    expect(errors).toMatchObject([
      {
        message: '不行',
        path: ['conferences', 5],
        extensions: { code: 'UPSTREAM_REJECTED', upstream: { status: 7 } },
      },
    ]);
  });

  it('of one ID, asked by every way there is, are one call', async () => {
    await using upstream = await startTestUpstream(record({ title: 'once' }));
    await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
    const reply = await gateway.ask(
      `query ($r: [_Any!]!) {
        a: conference(tempConferenceId: "1") { title }
        ...F
        conferences(tempConferenceIds: ["1", "1", "1", "1", "1", "1"]) { title }
        _entities(representations: $r) { ... on Conference { title } }
      }
      fragment F on Query { b: conference(tempConferenceId: "1") { title } }`,
      { variables: { r: [{ __typename: 'Conference', tempConferenceId: '1' }] } },
    );
    expect(codesOf(reply)).toEqual([]);
    expect(upstream.received).toHaveLength(1);
  });
});
