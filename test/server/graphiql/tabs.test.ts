import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { domains } from '../../../src/gateway/domains.ts';
import { excludeTags } from '../../../src/graphql/schema/exclude-tags.ts';
import { createSchema, readTypeDefs } from '../../../src/graphql/schema/schema.ts';
import { graphiqlTabs, placeholders } from '../../../src/server/graphiql/tabs.ts';

describe("GraphiQL's tabs", () => {
  it.each([[[]], [['pii']], [['secret']], [['pii', 'secret']]])(
    'are all valid on the schema without the tags %j',
    (tags: string[]) => {
      const schema = createSchema(excludeTags(readTypeDefs(domains), tags), domains);
      const problems = graphiqlTabs(placeholders, tags).flatMap((text) => validate(schema, parse(text)));
      expect(problems).toEqual([]);
    },
  );
});
