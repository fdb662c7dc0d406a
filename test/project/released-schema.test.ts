import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, findBreakingChanges, parse, print, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { readTypeDefs } from '../../src/graphql/schema/schema.ts';

const released = parse(readFileSync(new URL('../fixtures/released.graphql', import.meta.url), 'utf8'));
// Without descriptions: a change of their wording breaks no client, and the changes below should not depend on it.
const printed = print(
  visit(readTypeDefs(domains), {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  }),
);

// As a subgraph, so that a lost @key is found: its type is then no member of the union _Entity.
const brokenBy = (typeDefs: DocumentNode) =>
  findBreakingChanges(buildSubgraphSchema(released), buildSubgraphSchema(typeDefs)).map(
    ({ description }) => description,
  );

/** Today's SDL with one change. */
function changed(from: string | RegExp, to: string): DocumentNode {
  const sdl = printed.replace(from, to);
  if (sdl === printed) throw new Error(`the SDL holds no ${from}`);
  return parse(sdl);
}

describe('the schema', () => {
  it('breaks nothing that was released', () => {
    expect(brokenBy(parse(printed))).toEqual([]);
  });

  it.each([
    {
      change: 'a field is removed',
      from: /^ {2}title: String$/m,
      to: '',
      broken: 'Conference.title was removed.',
    },
    {
      change: 'a field changes its type',
      from: 'attendees: Int',
      to: 'attendees: String',
      broken: 'ConferenceCounters.attendees changed type from Int to String.',
    },
    {
      change: 'a field that was never null can be null',
      from: 'host: ConferenceHost!',
      to: 'host: ConferenceHost',
      broken: 'Conference.host changed type from ConferenceHost! to ConferenceHost.',
    },
    {
      change: 'an argument becomes required',
      from: 'conference(tempConferenceId: ID!)',
      to: 'conference(tempConferenceId: ID!, tenant: ID!)',
      broken: 'A required arg tenant on Query.conference was added.',
    },
    {
      change: 'a value leaves an enum',
      from: /^ {2}ENDED$/m,
      to: '',
      broken: 'ENDED was removed from enum type ConferenceStatus.',
    },
    {
      change: 'a type is no entity any more',
      from: 'type Conference @key(fields: "tempConferenceId")',
      to: 'type Conference',
      broken: 'Conference was removed from union type _Entity.',
    },
  ])('would be found to break when $change', ({ from, to, broken }) => {
    expect(brokenBy(changed(from, to))).toContain(broken);
  });

  it('breaks nothing when a field is added or deprecated', () => {
    const withMore = changed(
      'title: String',
      'title: String @deprecated(reason: "Use subject.")\n  subject: String',
    );
    expect(brokenBy(withMore)).toEqual([]);
  });
});
