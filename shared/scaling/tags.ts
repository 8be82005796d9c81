/** On a resource that may be given more or less capacity, with any value: IAM lets nothing else be changed. */
export const scalingTag = "nightshift:scaling";
