import {
  InvalidNextTokenException,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  type ListSecretsCommandOutput,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** A page of secrets, a hundred at most; from the beginning, when Secrets Manager does not know its own token any more. */
export async function listSecrets(
  secrets: Pick<SecretsManagerClient, "send">,
  wanted: Omit<ListSecretsCommandInput, "MaxResults" | "NextToken">,
  token: string | null,
): Promise<ListSecretsCommandOutput> {
  const input = { ...wanted, MaxResults: 100 };
  try {
    return await secrets.send(new ListSecretsCommand({ ...input, NextToken: token ?? undefined }));
  } catch (error) {
    if (token === null || !(error instanceof InvalidNextTokenException)) throw error;
    return await secrets.send(new ListSecretsCommand(input));
  }
}
