import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodegenConfig } from '@graphql-codegen/cli';

/** Each domain says in its `mappers.ts` what stands for its types. */
async function mappersOfDomains(): Promise<Record<string, string>> {
  const mappers: Record<string, string> = {};
  for (const file of globSync('src/domains/*/mappers.ts').toSorted()) {
    const domain: { readonly mappers: Readonly<Record<string, string>> } = await import(
      pathToFileURL(file).href
    );
    for (const [type, at] of Object.entries(domain.mappers)) {
      mappers[type] = `../${dirname(file).slice('src/'.length)}/${at}`;
    }
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

/** Types out of the SDL, and nothing but types: to run the gateway nothing need be generated. */
const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  generates: {
    // Apart from the resolvers, whose types import the domains' views: these are checked against the schema's.
    'src/generated/schema.ts': { plugins: ['typescript'], config: schemaTypes },
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        ...schemaTypes,
        importExtension: '.ts',
        contextType: '../graphql/context.ts#GatewayContext',
        mappers: await mappersOfDomains(),
        // Lists of loader promises: each place settles by itself.
        maybeValue: 'T extends PromiseLike<infer U> ? Promise<U | null> : T | null',
      },
    },
  },
};

export default config;
