import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { selectedIn, withoutSelfMoving } from '../../src/graphql/live/self-moving.ts';

const schema = buildSchema(`
  type Query { a: Int }
  type Subscription { member: Member }
  union Member = Person | Room
  type Person { minutes: Int, name: String }
  type Room { seats: Int, name: String }
`);
const selfMoving = { Person: ['minutes'] };

/** What of this member is compared with the next one. */
function comparedOf(selection: string, member: Readonly<Record<string, unknown>>): unknown {
  const document = parse(`subscription { member { ${selection} } }`);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('there is no operation');
  const { shape } = selectedIn({ schema, selfMoving }, document, operation, {});
  return withoutSelfMoving({ member }, shape);
}

describe('a name in the answer', () => {
  it('is not compared if only a self-moving field has it', () => {
    const selection = '... on Person { count: minutes } ... on Room { seats }';
    expect(comparedOf(selection, { count: 1 })).toEqual({ member: {} });
    expect(comparedOf(selection, { seats: 1 })).toEqual({ member: { seats: 1 } });
  });

  it.each([
    '... on Person { count: minutes } ... on Room { count: seats }',
    '... on Room { count: seats } ... on Person { count: minutes }',
  ])(
    'is compared if it is a self-moving field in one type and another field in the other: %s',
    (selection) => {
      expect(comparedOf(selection, { count: 1 })).toEqual({ member: { count: 1 } });
    },
  );
});
