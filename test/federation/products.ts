import type { Domain } from '../../src/graphql/domain.ts';

/** A domain with the schema of Apollo's suite and the data that its tests expect. */
export const products: Domain = {
  name: 'products',
  schema: new URL(import.meta.resolve('@apollo/federation-subgraph-compatibility-tests/products.graphql')),
  resolvers: {
    Query: {
      product: (_query, { id }: { id: string }) => catalogue.find((product) => product.id === id),
      deprecatedProduct: (_query, reference: DeprecatedKey) => findDeprecated(reference),
    },
    Product: {
      __resolveReference: (reference: ProductKey) => catalogue.find((product) => matches(product, reference)),
      createdBy: () => creator,
    },
    DeprecatedProduct: {
      __resolveReference: (reference: DeprecatedKey) => findDeprecated(reference),
      createdBy: () => creator,
    },
    ProductResearch: {
      __resolveReference: ({ study }: { study: { caseNumber: string } }) =>
        research.find((one) => one.study.caseNumber === study.caseNumber),
    },
    User: {
      // The reference contains the fields that are required of other subgraphs.
      __resolveReference: (reference: Partial<typeof creator>) => ({ ...creator, ...reference }),
      averageProductsCreatedPerYear: ({ totalProductsCreated, yearsOfEmployment }: typeof creator) =>
        Math.round(totalProductsCreated / yearsOfEmployment),
    },
    Inventory: {
      __resolveReference: ({ id }: { id: string }) => ({ id, deprecatedProducts: [deprecated] }),
    },
  },
};

type DeprecatedKey = Pick<typeof deprecated, 'sku' | 'package'>;
type ProductKey =
  | { id: string }
  | { sku: string; package: string }
  | { sku: string; variation: { id: string } };

const creator = {
  email: 'support@apollographql.com',
  name: 'Jane Smith',
  totalProductsCreated: 1337,
  yearsOfEmployment: 10,
};

const deprecated = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
};

const research = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
];

const dimensions = { size: 'small', weight: 1, unit: 'kg' };

const catalogue = [
  {
    id: 'apollo-federation',
    sku: 'federation',
    package: '@apollo/federation',
    variation: { id: 'OSS' },
    dimensions,
    research: research.slice(0, 1),
  },
  {
    id: 'apollo-studio',
    sku: 'studio',
    package: '',
    variation: { id: 'platform' },
    dimensions,
    research: research.slice(1),
  },
];

function findDeprecated(reference: DeprecatedKey) {
  return reference.sku === deprecated.sku && reference.package === deprecated.package ? deprecated : null;
}

function matches(product: (typeof catalogue)[number], reference: ProductKey): boolean {
  if ('id' in reference) return product.id === reference.id;
  if (product.sku !== reference.sku) return false;
  return 'package' in reference
    ? product.package === reference.package
    : product.variation.id === reference.variation.id;
}
