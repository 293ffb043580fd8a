/** Said below a page that is not the last one. */
export const moreHint = (cursor: string): string => `There are more: add --all, or --cursor ${cursor}`;
