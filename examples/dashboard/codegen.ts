import type { CodegenConfig } from '@graphql-codegen/cli';

/** Documents of src/ → their types, and the manifest that a gateway takes as `TRUSTED_DOCUMENTS`. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/**/*.ts',
  ignoreNoDocuments: false,
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { mode: 'embedHashInDocument', hashAlgorithm: 'sha256' },
      },
      config: {
        scalars: { DateTime: 'string' },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        immutableTypes: true,
        avoidOptionals: { field: true, object: true },
        importExtension: '.ts',
      },
    },
  },
};

export default config;
