/** Of which environment a resource is, where it is not that of the stack. */
export const environmentTag = "nightshift:environment";
/** Which team a resource belongs to. */
export const ownerTag = "nightshift:owner";
/** `none`: it is not to be backed up. It counts only with a reason, and until a day. */
export const optOutTag = "nightshift:backup";
export const optOutReasonTag = "nightshift:backup-reason";
/** The last day, for example 2027-06-30. */
export const optOutUntilTag = "nightshift:backup-until";
