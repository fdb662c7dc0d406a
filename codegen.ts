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

/** Resolver types out of the SDL. Types only: to run the gateway nothing need be generated. */
const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  generates: {
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        federation: true,
        useTypeImports: true,
        importExtension: '.ts',
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: 'string', _FieldSet: 'string' },
        contextType: '../graphql/context.ts#GatewayContext',
        mappers: await mappersOfDomains(),
        avoidOptionals: { field: true, object: true, resolvers: true },
        // Lists of loader promises: each place settles by itself.
        maybeValue: 'T extends PromiseLike<infer U> ? Promise<U | null> : T | null',
      },
    },
  },
};

export default config;
