import { globSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodegenConfig } from '@graphql-codegen/cli';

/** Each domain says in its `mappers.ts` what stands for its types. @param folder of the types that are generated. */
async function mappersOf(domains: readonly string[], folder: string): Promise<Record<string, string>> {
  const mappers: Record<string, string> = {};
  for (const file of globSync(domains.map((domain) => `${domain}/mappers.ts`)).toSorted()) {
    const domain: { readonly mappers: Readonly<Record<string, string>> } = await import(
      pathToFileURL(file).href
    );
    // Under a name of its own: two domains may have views of one name.
    for (const [type, at] of Object.entries(domain.mappers))
      mappers[type] = `${relative(folder, dirname(file))}/${at} as ${type}View`;
  }
  return mappers;
}

const schemaTypes = {
  federation: true,
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  scalars: { DateTime: 'string', _FieldSet: 'string' },
  avoidOptionals: { field: true, object: true, resolvers: true },
};

/** The types of these domains, of their schema and of their resolvers. */
async function typesOf(folder: string, schema: readonly string[], domains: readonly string[]) {
  const of = { schema: [...schema] };
  return {
    // Apart from the resolvers, whose types import the domains' views: these are checked against the schema's.
    [`${folder}/schema.ts`]: { ...of, plugins: ['typescript'], config: schemaTypes },
    [`${folder}/resolvers.ts`]: {
      ...of,
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        ...schemaTypes,
        importExtension: '.ts',
        contextType: `${relative(folder, 'src/graphql/context.ts')}#GatewayContext`,
        mappers: await mappersOf(domains, folder),
        // Lists of loader promises: each place settles by itself.
        maybeValue: 'T extends PromiseLike<infer U> ? Promise<U | null> : T | null',
      },
    },
  };
}

const schema = ['schema/*.graphql'];
const domains = ['src/domains/*'];
const fixture = 'test/fixtures/participants';

/** Types out of the SDL, and nothing but types: to run the gateway nothing need be generated. */
const config: CodegenConfig = {
  generates: {
    ...(await typesOf('src/generated', schema, domains)),
    // A domain that is only a test's, under the same types.
    ...(await typesOf(
      'test/generated',
      [...schema, `${fixture}/participants.graphql`],
      [...domains, fixture],
    )),
  },
};

export default config;
