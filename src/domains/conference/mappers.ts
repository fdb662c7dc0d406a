/** What stands for each type of this domain before its fields are resolved, for codegen: `file#type`, seen from here. */
export const mappers = {
  Conference: 'view.ts#ConferenceView',
  ConferenceHost: 'view.ts#ConferenceView',
  ConferenceCounters: 'view.ts#ConferenceView',
};
