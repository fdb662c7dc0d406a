import { contractTypes, type Shape } from '../contract.ts';

/** Where in a JSON value its 64-bit integers are. */
export type Longs =
  | { readonly kind: 'long' }
  | { readonly kind: 'list'; readonly of: Longs }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [name: string, longs: Longs])[] };

/** Undefined where the contract has none below. */
export function longsOf(shape: Shape): Longs | undefined {
  switch (shape.type) {
    case 'list': {
      const of = longsOf(shape.of);
      return of && { kind: 'list', of };
    }
    case 'record': {
      const fields = Object.entries(shape.fields).flatMap(([name, field]) => {
        const longs = longsOf(field);
        return longs ? [[name, longs] as const] : [];
      });
      return fields.length > 0 ? { kind: 'record', fields } : undefined;
    }
    default:
      return contractTypes[shape.type] === 'long' ? { kind: 'long' } : undefined;
  }
}
