import fc from 'fast-check';
import { getLocation, parse, Source } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hasMoreLines, locationsOf } from '../../src/graphql/locations.ts';

const blanks = fc.string({ unit: fc.constantFrom('\n', '\r', '\r\n', ' ', ',', '#x\n'), maxLength: 20 });

describe('the location of a node', () => {
  it("is the same as graphql's own, whatever text is before it", () => {
    fc.assert(
      fc.property(fc.array(blanks, { minLength: 1, maxLength: 10 }), (between) => {
        const source = new Source(`${between.join('')}{${between.map((blank) => `a${blank}`).join(' ')}}`);
        const [definition] = parse(source).definitions;
        if (!definition || !('selectionSet' in definition)) throw new Error('no operation');
        const nodes = definition.selectionSet.selections;
        expect(locationsOf(nodes)).toEqual(nodes.map(({ loc }) => loc && getLocation(source, loc.start)));
      }),
    );
  });
});

describe('the lines of a text', () => {
  it('are counted as graphql counts them', () => {
    fc.assert(
      fc.property(blanks, (more) => {
        const text = `\n${more}`;
        const { line } = getLocation(new Source(text), text.length);
        expect(hasMoreLines(text, line)).toBe(false);
        expect(hasMoreLines(text, line - 1)).toBe(true);
      }),
    );
  });
});
