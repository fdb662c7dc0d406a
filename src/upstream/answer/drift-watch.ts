import type { Emit } from '../../observe/events.ts';
import type { RawRecord } from '../contract.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Drift } from './drift.ts';

/** An upstream that invents a field a second fills neither memory nor the log: the other kinds are as many as the contract's fields. */
const maxNewFields = 32;

/** Looks at each record: tells each kind of drift once, and counts every record that shows it. */
export function createDriftWatch(emit: Emit) {
  const told = new Set<string>();
  let newFields = 0;
  const tell = (endpoint: string, { kind, field }: Drift) => {
    const key = `${endpoint} ${kind} ${field}`;
    if (told.has(key)) return;
    if (kind === 'new') {
      if (newFields === maxNewFields) return;
      newFields += 1;
    }
    told.add(key);
    emit({ event: 'drift', endpoint, kind, field });
  };
  return ({ name: endpoint, driftOf }: Endpoint, record: RawRecord): void => {
    const drift = driftOf(record);
    if (drift.length === 0) return;
    let hasNew = false;
    for (const { kind, field } of drift) {
      tell(endpoint, { kind, field });
      // Never counted by a name that is none of the contract's.
      if (kind === 'new') hasNew = true;
      else emit({ event: 'driftSeen', endpoint, kind, field });
    }
    if (hasNew) emit({ event: 'driftSeen', endpoint, kind: 'new', field: undefined });
  };
}
