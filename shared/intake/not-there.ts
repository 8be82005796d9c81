/**
 * Whether CloudWatch answers that something is not there, or that nothing can be called so. By the error's name: for what is not
 * there it has two, ResourceNotFound and ResourceNotFoundException.
 */
export function isNotThere(error: unknown): boolean {
  return error instanceof Error && /^ResourceNotFound|InvalidParameter|Validation/.test(error.name);
}
