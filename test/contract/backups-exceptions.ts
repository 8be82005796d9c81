// Where other implementations do otherwise of what backups are asked, AWS's API reference has decided for the claim. For a vault that is
// not there it is what people met (boto3 #2269, aws-sdk-js #2625): the reference names another error.

const notChecked = "it does not check this";
const allAtOnce = "it gives all of them at once";
const noPoints = "it has no recovery points";
const alwaysRestorable = "it states an instant also then";

const saysAbsent = "it says that the vault is not there, as the reference does and the service does not";

export const motoBackups = {
  backup: {
    "lists every vault once, in pages of the size that was asked for, with its lock": allAtOnce,
    "denies to describe a vault that is not there": saysAbsent,
    "denies to list what is in a vault that is not there": noPoints,
    "tells the tags of a vault": "it does not decode the ARN in the path",
    "does not find the tags of what is not there": notChecked,
    "lists the selections of a plan, and gives their conditions": "it has no selections",
    "counts what is in a vault": noPoints,
    "lists a point by its vault, with all that is to be known of it": noPoints,
    "finds the points of a vault by resource, type and creation": noPoints,
    "lists a point by its resource, with less": noPoints,
    "lists what was backed up, and the job that did it": noPoints,
  },
  rds: {
    "states no such instant where automated backups are switched off": alwaysRestorable,
    "refuses pages of 19": notChecked,
    "refuses pages of 101": notChecked,
    "tells of a snapshot of an instance, and of the database's time in it": "it states no time of the database",
    "tells of the automated backups of an instance, and their window": "it states no window",
  },
  tables: { "refuses pages of 0": notChecked, "refuses pages of 101": notChecked },
  s3: {
    "lists every bucket once, with its region, in pages of the size that was asked for": "it does not tell the region",
    "tells whether a bucket tells EventBridge": "it forgets what has no member",
    "gives the checksum of what was put with one": "it keeps no checksum that came in a header",
    "refuses what does not have the checksum that it came with": notChecked,
    "refuses a lock until an instant that has passed": notChecked,
    "refuses a lock of which only half is said": notChecked,
  },
  volumes: {
    "gives pages of the size that was asked for, which hold every volume once": allAtOnce,
    "refuses pages of 4": notChecked,
    "refuses pages of 1001": notChecked,
    "tells of a backup of FSx, and of what it is one": "it does not say of which file system",
  },
  kms: { "does not find a key of another region": "it finds it" },
};

const noLocks = "it has no PutBackupVaultLockConfiguration";

export const miniStackBackups = {
  backup: {
    "tells of a lock that can be taken away at any time": noLocks,
    "tells until when a lock can be taken away": noLocks,
    "lists every vault once, in pages of the size that was asked for, with its lock": noLocks,
    "denies to describe a vault that is not there": saysAbsent,
    "denies to list what is in a vault that is not there": saysAbsent,
    "lists a point by its vault, with all that is to be known of it": noPoints,
    "finds the points of a vault by resource, type and creation": noPoints,
    "lists a point by its resource, with less": noPoints,
    "lists what was backed up, and the job that did it": noPoints,
  },
  rds: {
    "states no such instant where automated backups are switched off": alwaysRestorable,
    "gives pages of the size that was asked for, which hold every instance once": allAtOnce,
    "refuses pages of 19": notChecked,
    "refuses pages of 101": notChecked,
    "tells of the automated backups of an instance, and their window": "it has no DescribeDBInstanceAutomatedBackups",
  },
  tables: {
    "refuses pages of 0": notChecked,
    "refuses pages of 101": notChecked,
    "finds neither a table that is not there, nor its backups": "it has another name for the error of the backups",
  },
  s3: {
    "refuses a lock until an instant that has passed": notChecked,
    "refuses a lock of which only half is said": notChecked,
  },
  volumes: {
    "gives pages of the size that was asked for, which hold every volume once": allAtOnce,
    "refuses pages of 4": notChecked,
    "refuses pages of 1001": notChecked,
    "gives file systems of EFS in pages of the size that was asked for": "it begins every page with the first",
    "tells of a file system of FSx": "it has no FSx",
    "tells of a backup of FSx, and of what it is one": "it has no FSx",
  },
};
