import { contractTypes, type Shape } from '../contract.ts';

/** The places of the 64-bit integers in a JSON value. */
export type Longs =
  | { readonly kind: 'long' }
  | { readonly kind: 'list'; readonly of: Longs }
  | { readonly kind: 'record'; readonly fields: readonly { readonly name: string; readonly longs: Longs }[] };

/** Undefined if the contract has none in this shape. */
export function longsOf(shape: Shape): Longs | undefined {
  switch (shape.type) {
    case 'list': {
      const of = longsOf(shape.of);
      return of && { kind: 'list', of };
    }
    case 'record': {
      const fields = Object.entries(shape.fields).flatMap(([name, field]) => {
        const longs = longsOf(field);
        return longs ? [{ name, longs }] : [];
      });
      return fields.length > 0 ? { kind: 'record', fields } : undefined;
    }
    default:
      return contractTypes[shape.type] === 'long' ? { kind: 'long' } : undefined;
  }
}
