/** For codegen: the class that represents each type of this domain, as `file#type`, relative to this folder. */
export const mappers = {
  Conference: 'view.ts#ConferenceView',
  ConferenceHost: 'view.ts#ConferenceView',
  ConferenceCounters: 'view.ts#ConferenceView',
};
