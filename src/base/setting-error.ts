/** A setting that cannot be held to: it becomes known only once the gateway is put together. The message is for the operator. */
export class SettingError extends Error {}
