import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../../src/graphql/documents/document-cache.ts';

const document = parse('{ a }');
const maxCharacters = 20;
const texts = fc.string({ minLength: 1, maxLength: 30 });

describe('kept documents', () => {
  it('are never longer than allowed together, and the last is among them if it fits', () => {
    const steps = fc.array(fc.record({ text: texts, asked: fc.boolean() }), { maxLength: 50 });
    fc.assert(
      fc.property(steps, (steps) => {
        const cache = createDocumentCache(maxCharacters);
        const seen = new Set<string>();
        for (const { text, asked } of steps) {
          if (asked) cache.get(text);
          else cache.set(text, document);
          seen.add(text);
          if (!asked) expect(cache.get(text)).toBe(text.length <= maxCharacters ? document : undefined);
        }
        const kept = [...seen].filter((text) => cache.get(text));
        expect(kept.join('').length).toBeLessThanOrEqual(maxCharacters);
      }),
    );
  });

  it('leave in the order in which they were last asked for', () => {
    const cache = createDocumentCache(3);
    for (const text of ['a', 'b', 'c']) cache.set(text, document);
    cache.get('a');
    cache.set('d', document);
    expect(['a', 'b', 'c', 'd'].filter((text) => cache.get(text))).toEqual(['a', 'c', 'd']);
  });
});
