import { expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { record, startTestUpstream, text } from '../support/upstream.ts';

it('errors are sorted by document and then by list, whichever call fails first', async () => {
  const waiting: (() => void)[] = [];
  const total = 13;
  await using upstream = await startTestUpstream((received, response) => {
    if (received.id === 'first') return record()(received, response);
    waiting.push(() => text('{"status":7,"msg":"no"}')(received, response));
    // The last call is answered first.
    if (waiting.length === total) for (const answer of waiting.toReversed()) answer();
  });
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  // After this answer the token is accepted. Before, it may have only eight calls in flight.
  await gateway.ask('{ conference(tempConferenceId: "first") { title } }');
  const list = Array.from({ length: total - 1 }, (_, at) => `"${at}"`).join(', ');
  const { errors } = await gateway.ask(
    `{ conferences(tempConferenceIds: [${list}]) { title } last: conference(tempConferenceId: "x") { title } }`,
  );
  expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions['code']])).toEqual(
    [...Array.from({ length: total - 1 }, (_, at) => `conferences.${at}`), 'last'].map((path) => [
      path,
      'UPSTREAM_REJECTED',
    ]),
  );
});

it('the error of a whole conference is before that of a field of a later one, which graphql finds first', async () => {
  await using upstream = await startTestUpstream((received, response) =>
    received.id === 'rejected'
      ? text('{"status":7,"msg":"no"}')(received, response)
      : record({ startTime: 'soon' })(received, response),
  );
  await using gateway = await startTestGateway({ UPSTREAM_URL: upstream.url });
  const { errors } = await gateway.ask(
    '{ a: conference(tempConferenceId: "rejected") { title } b: conference(tempConferenceId: "1") { startTime } }',
  );
  expect(errors.map(({ path }) => path?.join('.'))).toEqual(['a', 'b.startTime']);
});
