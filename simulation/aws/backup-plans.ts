import type {
  BackupPlansListMember,
  BackupSelectionsListMember,
  GetBackupPlanCommandInput,
  GetBackupPlanCommandOutput,
  GetBackupSelectionCommandInput,
  GetBackupSelectionCommandOutput,
  ListBackupPlansCommandInput,
  ListBackupPlansCommandOutput,
  ListBackupSelectionsCommandInput,
  ListBackupSelectionsCommandOutput,
} from "@aws-sdk/client-backup";
import { refuseParameters } from "../commands.ts";
import { missing, notFound } from "./backup-errors.ts";
import type { PlanRecord } from "./backup-records.ts";
import { pageOf, type Region, rest } from "./backup-region.ts";
import { Listing } from "./listing.ts";
import { dated, ok, type Wire } from "./wire.ts";

const paging = ["MaxResults", "NextToken"];

export function listPlans(region: Region, input: ListBackupPlansCommandInput): Wire<ListBackupPlansCommandOutput> {
  const command = "ListBackupPlansCommand";
  refuseParameters("Backup", command, input, paging);
  const { items, next } = pageOf(region, command, region.plans, input);
  return { ...ok, BackupPlansList: items.map(memberOf), ...rest(next) };
}

function memberOf({ id, arn, createdAt, versionId, plan, lastExecutedAt }: PlanRecord): BackupPlansListMember {
  return {
    ...{ BackupPlanArn: arn, BackupPlanId: id, CreationDate: new Date(createdAt), VersionId: versionId },
    BackupPlanName: plan.BackupPlanName,
    ...dated("LastExecutionDate", lastExecutedAt),
  };
}

export function getPlan(region: Region, input: GetBackupPlanCommandInput): GetBackupPlanCommandOutput {
  refuseParameters("Backup", "GetBackupPlanCommand", input, ["BackupPlanId"]);
  const { id, arn, createdAt, versionId, plan, lastExecutedAt } = planOf(region, input.BackupPlanId);
  return {
    ...ok,
    ...{ BackupPlan: plan, BackupPlanId: id, BackupPlanArn: arn, VersionId: versionId },
    CreationDate: new Date(createdAt),
    ...dated("LastExecutionDate", lastExecutedAt),
  };
}

export function listSelections(
  region: Region,
  input: ListBackupSelectionsCommandInput,
): Wire<ListBackupSelectionsCommandOutput> {
  const command = "ListBackupSelectionsCommand";
  refuseParameters("Backup", command, input, ["BackupPlanId", ...paging]);
  const { id, selections } = planOf(region, input.BackupPlanId);
  const listing = new Listing<BackupSelectionsListMember>();
  for (const [SelectionId, { createdAt, selection }] of selections) {
    const { SelectionName, IamRoleArn } = selection;
    listing.add({ SelectionId, SelectionName, BackupPlanId: id, CreationDate: new Date(createdAt), IamRoleArn });
  }
  const { items, next } = pageOf(region, command, listing, input);
  return { ...ok, BackupSelectionsList: items, ...rest(next) };
}

export function getSelection(region: Region, input: GetBackupSelectionCommandInput): GetBackupSelectionCommandOutput {
  refuseParameters("Backup", "GetBackupSelectionCommand", input, ["BackupPlanId", "SelectionId"]);
  const { id, selections } = planOf(region, input.BackupPlanId);
  const { SelectionId = "" } = input;
  if (SelectionId === "") throw missing("SelectionId");
  const found = selections.get(SelectionId);
  if (found === undefined) throw notFound(`Cannot find Backup selection with ID ${SelectionId}`);
  const CreationDate = new Date(found.createdAt);
  return { ...ok, BackupSelection: found.selection, SelectionId, BackupPlanId: id, CreationDate };
}

function planOf({ plans }: Region, id: string | undefined): PlanRecord {
  if (id === undefined || id === "") throw missing("BackupPlanId");
  const found = plans.items.find((plan) => plan.id === id);
  if (found === undefined) throw notFound(`Cannot find Backup plan with ID ${id}`);
  return found;
}
