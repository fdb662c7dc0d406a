import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bytesOf, createDocumentCache } from '../../src/graphql/documents/document-cache.ts';

const maxBytes = 1_000_000;
// From a field to several hundred: some are short, some long, some too long to be kept.
const texts = fc.tuple(fc.nat(30), fc.nat(600)).map(([name, fields]) => `{ a${name}${' a'.repeat(fields)} }`);
const sizeOf = (text: string) => bytesOf(text, parse(text));

describe('cached documents', () => {
  it('never take more memory than allowed in total; the newest is cached if it fits', () => {
    const steps = fc.array(fc.record({ text: texts, asked: fc.boolean() }), { maxLength: 50 });
    fc.assert(
      fc.property(steps, (steps) => {
        const cache = createDocumentCache(maxBytes);
        const seen = new Set<string>();
        for (const { text, asked } of steps) {
          const document = parse(text);
          if (asked) cache.get(text);
          else cache.set(text, document);
          seen.add(text);
          if (!asked) expect(cache.get(text)).toBe(sizeOf(text) <= maxBytes / 4 ? document : undefined);
        }
        const kept = [...seen].filter((text) => cache.get(text));
        expect(kept.reduce((bytes, text) => bytes + sizeOf(text), 0)).toBeLessThanOrEqual(maxBytes);
      }),
    );
  });

  it('are evicted in the order of their last use', () => {
    const named = (name: string) => `{ ${name}${' a'.repeat(200)} }`;
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const fitting = Math.floor((maxBytes * 3) / 4 / sizeOf(named('a')));
    expect(fitting).toBe(names.length - 1);
    const cache = createDocumentCache(maxBytes);
    for (const name of names.slice(0, -1)) cache.set(named(name), parse(named(name)));
    cache.get(named('a'));
    cache.set(named('g'), parse(named('g')));
    expect(names.filter((name) => cache.get(named(name)))).toEqual(['a', 'c', 'd', 'e', 'f', 'g']);
  });

  it('are not evicted by long documents, however many there are', () => {
    const cache = createDocumentCache(maxBytes);
    cache.set('{ short }', parse('{ short }'));
    for (let at = 0; at < 100; at += 1) {
      const text = `{ a${at}${' a'.repeat(300)} }`;
      cache.set(text, parse(text));
      expect(cache.get(text)).toBeDefined();
    }
    expect(cache.get('{ short }')).toBeDefined();
  });
});
