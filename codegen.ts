import type { CodegenConfig } from '@graphql-codegen/cli';

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
        mappers: {
          Conference: '../conference/record.ts#ConferenceAnswer',
          ConferenceHost: '../conference/record.ts#ConferenceAnswer',
          ConferenceCounters: '../conference/record.ts#ConferenceAnswer',
        },
        avoidOptionals: { field: true, object: true, resolvers: true },
        // Lists of loader promises: each place settles by itself.
        maybeValue: 'T extends PromiseLike<infer U> ? Promise<U | null> : T | null',
      },
    },
  },
};

export default config;
