/** What each event of AWS Backup is about, by its `detail-type`. */
export const kinds = {
  "Backup Job State Change": "backup-job",
  "Copy Job State Change": "copy-job",
  "Restore Job State Change": "restore-job",
  "Recovery Point State Change": "recovery-point",
  "Recovery Point Index State Change": "recovery-point-index",
  "Scan Job State Change": "scan-job",
  "Backup Vault State Change": "vault",
  "Backup Plan State Change": "plan",
  "Region Setting State Change": "region-setting",
} as const;

/** As EventBridge calls them. */
export const detailTypes: readonly string[] = Object.keys(kinds);
