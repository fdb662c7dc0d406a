import type { RecordContract, ValueShape } from '../contract.ts';

/** The contract of the envelope, without its `result`, the record. */
export const envelopeContract = {
  status: {
    type: 'int',
    meaning: 'the business status: 0 is success, anything else a failure of no listed meaning',
  },
  msg: { type: 'text', meaning: 'a message for a person' },
  request_id: { type: 'text', optional: true, meaning: "the upstream's own ID of the request" },
  timestamp: { type: 'milliseconds', meaning: 'when it answered' },
  request_duration: { type: 'text', meaning: 'how long it took, such as `68.5ms`' },
} as const satisfies RecordContract<ValueShape>;
