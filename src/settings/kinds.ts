import { isIPv4, isIPv6 } from 'node:net';
import type { MappedKind } from '../upstream/failures.ts';

/** How a setting's text is read. */
export interface Kind<T> {
  /** Completes the sentence `"5s" is not …`. */
  readonly takes: string;
  /** The value, or undefined if the text is wrong. */
  readonly read: (text: string) => T | undefined;
  /** Whether the text can contain a secret, so that it must not be shown. */
  readonly hides?: (text: string) => boolean;
}

export const wholeNumber = (min: number, max: number, unit = ''): Kind<number> => ({
  takes: `a whole number${unit && ` of ${unit}`} from ${min} to ${max}`,
  read(text) {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  },
});

export const oneOf = <T extends string>(...words: readonly T[]): Kind<T> => ({
  takes: `one of ${words.join(', ')}`,
  read: (text) => words.find((word) => word === text),
});

export const flag: Kind<boolean> = {
  takes: 'true or false',
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

export const address: Kind<string> = {
  takes: 'an IP address or a host name',
  read: (text) =>
    isIPv4(text) ||
    // An IPv6 zone (`%eth0`) is refused: a URL cannot contain one.
    (isIPv6(text) && !text.includes('%')) ||
    (/^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i.test(text) && !/^[\d.]+$/.test(text))
      ? text
      : undefined,
};

export const commitHash: Kind<string> = {
  takes: 'the hash of a commit',
  read: (text) => (/^[\da-f]{7,64}$/.test(text) ? text : undefined),
};

// A password is before an @ or after a colon, a key in a query or a fragment; `%` can encode any of these characters.
const hidesInAddress = (text: string) =>
  !/^(?:[a-z][a-z\d+.-]*:\/\/|https?:\/?|:\/\/)?(?:\[[\da-f:.]*\]?|[^:/?#@%]*)(?::\d*)?(?:\/[^:?#@%]*)?$/i.test(
    text,
  );

export const upstreamUrl: Kind<URL> = {
  takes: 'an http or https URL of an origin and an optional path, without user, query or fragment',
  read(text) {
    const url = URL.parse(text);
    if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
    return url.username || url.password || /[?#@\s]/.test(text) ? undefined : url;
  },
  hides: hidesInAddress,
};

export const listOf = <T>(item: Kind<T>): Kind<readonly T[]> => ({
  takes: `a list, separated by commas, each ${item.takes}`,
  read(text) {
    const values: T[] = [];
    for (const part of text.split(',')) {
      const value = item.read(part.trim());
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  },
  ...(item.hides && { hides: (text: string) => text.split(',').some((part) => item.hides?.(part.trim())) }),
});

export const origin: Kind<string> = {
  takes: 'an http or https origin such as https://admin.example.com, without a path',
  read(text) {
    const url = URL.parse(text);
    if (!url || !['http:', 'https:'].includes(url.protocol) || url.origin !== text) return undefined;
    // URL.parse accepts a `*` in a host name, but no browser ever sends such an origin.
    return /^(?:[\w.-]+|\[[\da-f:]+\])$/.test(url.hostname) ? text : undefined;
  },
  hides: hidesInAddress,
};

export const clientName: Kind<string> = {
  takes: 'the name of a client, 1 to 64 visible ASCII characters without a comma',
  read: (text) => (/^[\x21-\x2b\x2d-\x7e]{1,64}$/.test(text) ? text : undefined),
};

export const filePath: Kind<string> = {
  takes: 'the path of a file',
  read: (text) => (text === '' || text.includes('\0') ? undefined : text),
};

export const tagName: Kind<string> = {
  takes: 'the name of a tag',
  read: (text) => (/^[_a-z][\w/-]{0,127}$/i.test(text) ? text : undefined),
};

const mappedKinds: Readonly<Record<string, MappedKind>> = {
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'not-found',
  UPSTREAM_UNAVAILABLE: 'unavailable',
};

export const statusCodes: Kind<ReadonlyMap<number, MappedKind>> = {
  takes: `a list of STATUS=CODE separated by commas, each status once, not 0, each code one of ${Object.keys(mappedKinds).join(', ')}`,
  read(text) {
    const codes = new Map<number, MappedKind>();
    for (const part of text.split(',')) {
      const [, digits, code] = /^(-?\d{1,10})=([A-Z_]+)$/.exec(part.trim()) ?? [];
      const status = Number(digits);
      const kind = code !== undefined && Object.hasOwn(mappedKinds, code) ? mappedKinds[code] : undefined;
      if (!kind || status === 0 || status !== (status | 0) || codes.has(status)) return undefined;
      codes.set(status, kind);
    }
    return codes;
  },
};
