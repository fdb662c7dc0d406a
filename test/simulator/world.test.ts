import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { developmentToken, refusedTokens } from '../../src/simulator/tokens.ts';
import { type GatewayOutcome, unknownId, worldIds } from '../../src/simulator/world.ts';
import { codesOf, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let mapped: TestGateway;
beforeAll(async () => {
  // The slow ID answers within this deadline. The one that never answers does not.
  gateway = await startTestGateway({ UPSTREAM_TIMEOUT_MS: '2500' });
  mapped = await startTestGateway({
    UPSTREAM_TIMEOUT_MS: '2500',
    UPSTREAM_STATUS_CODES: '10001=UNAUTHENTICATED,50013=NOT_FOUND',
  });
});
afterAll(async () => {
  await gateway.close();
  await mapped.close();
});

const everything = `query ($id: ID!) { conference(tempConferenceId: $id) {
  tempConferenceId eventId title status statusCode startTime stopTime durationSeconds isSecure isRecorded dataCenter
  billingCode customerCode participantPassword observedAt
  host { user { id } name email mobile organization { id } ip location }
  counters { attendees voipConnections pstnConnections videoShares screenShares mcuAttendees boxAttendees rawAttendees rawPstnAttendees }
} }`;

async function expectOutcome(id: string, token: string, outcome: GatewayOutcome) {
  const reply = await gateway.ask(everything, { variables: { id }, token });
  switch (outcome.kind) {
    case 'conference':
      expect(codesOf(reply)).toEqual([]);
      expect(outcome.statuses).toContainEqual(Object(reply.data).conference.status);
      break;
    case 'invalid-field':
      expect(reply.data).toMatchObject({ conference: { status: outcome.status } });
      expect(codesOf(reply)).toEqual(['UPSTREAM_INVALID_FIELD']);
      expect(reply.errors[0]?.path?.slice(1).join('.')).toBe(outcome.field);
      break;
    case 'null':
      expect(reply).toMatchObject({ data: { conference: null }, errors: [] });
      break;
    case 'error':
      expect(reply.data).toEqual({ conference: null });
      expect(codesOf(reply)).toEqual([outcome.code]);
      if (outcome.mappable) {
        const { code } = outcome.mappable;
        expect(codesOf(await mapped.ask(everything, { variables: { id }, token }))).toEqual([code]);
      }
      break;
    default:
      outcome satisfies never;
  }
}

describe('through the gateway, the simulator', () => {
  it.each(worldIds)('gives for $id what its row says: $about.en', ({ id, gateway: outcome }) =>
    expectOutcome(id, developmentToken, outcome),
  );

  it('gives for any other ID what the page says', () =>
    expectOutcome('1', developmentToken, unknownId.gateway));

  it.each(refusedTokens)('refuses $token as its row says: $about.en', ({ token, gateway: outcome }) =>
    expectOutcome('56039682', token, outcome),
  );
});

it('no two people of the simulator share an account', () => {
  const people = new Map<unknown, Set<unknown>>();
  for (const { id, gateway, reply } of worldIds) {
    if (gateway.kind !== 'conference') continue;
    const { hostId, hostName } = JSON.parse(reply(Date.UTC(2026, 2, 26), id).body).result;
    if (hostId !== null) people.set(hostId, (people.get(hostId) ?? new Set()).add(hostName));
  }
  expect(people.size).toBeGreaterThan(5);
  expect([...people.values()].filter((names) => names.size > 1)).toEqual([]);
});
