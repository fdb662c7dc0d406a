/** What stands for each type of this domain before its fields are resolved, for codegen: `file#type`, seen from here. */
export const mappers = {
  Conference: 'record.ts#ConferenceAnswer',
  ConferenceHost: 'record.ts#ConferenceAnswer',
  ConferenceCounters: 'record.ts#ConferenceAnswer',
};
