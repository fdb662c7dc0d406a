/** Numbers, times and ages as a language writes them, in the viewer's time zone. */
export interface Formats {
  readonly number: (value: number) => string;
  /** A moment to the minute, with its time zone, and with its year if that is not this one. */
  readonly time: (rfc3339: string) => string;
  /** How long ago, in steps that do not change each second. */
  readonly age: (ms: number) => string;
  /** A length of time in whole minutes, at least one. */
  readonly minutes: (ms: number) => string;
  /** The viewer's time zone, by its name. */
  readonly zone: string;
}

const minuteMs = 60_000;

/** @param justNow for what is less than five seconds ago. */
export function createFormats(locale: string, justNow: string): Formats {
  const numbers = new Intl.NumberFormat(locale);
  const ages = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const lengths = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'long' });
  const moment = {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  const thisYear = new Intl.DateTimeFormat(locale, moment);
  const anyYear = new Intl.DateTimeFormat(locale, { ...moment, year: 'numeric' });
  // Of the moment, since summer time may change it; behind the time, wherever the language would put it.
  const zones = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' });
  return {
    number: (value) => numbers.format(value),
    time(rfc3339) {
      const date = new Date(rfc3339);
      const format = date.getFullYear() === new Date().getFullYear() ? thisYear : anyYear;
      return `${format.format(date)} ${zoneIn(zones.formatToParts(date))}`;
    },
    age(ms) {
      const seconds = Math.floor(ms / 1000);
      if (seconds < 5) return justNow;
      if (seconds < 60) return ages.format(-(seconds - (seconds % 5)), 'second');
      if (seconds < 3600) return ages.format(-Math.floor(seconds / 60), 'minute');
      if (seconds < 86_400) return ages.format(-Math.floor(seconds / 3600), 'hour');
      return ages.format(-Math.floor(seconds / 86_400), 'day');
    },
    minutes: (ms) => lengths.format(Math.max(1, Math.round(ms / minuteMs))),
    zone: zoneIn(new Intl.DateTimeFormat(locale, { timeZoneName: 'long' }).formatToParts()),
  };
}

const zoneIn = (parts: readonly Intl.DateTimeFormatPart[]): string =>
  parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** A length of time as a clock shows it: `1:02:03`, and from a day on `3d 04:05:06`. */
export function clock(seconds: number, dayUnit: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours < 24
    ? `${hours}:${rest}`
    : `${Math.floor(hours / 24)}${dayUnit} ${two(hours % 24)}:${rest}`;
}
