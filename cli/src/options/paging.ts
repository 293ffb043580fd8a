import type { Command } from 'commander';

/** Options of a command that answers in pages. */
export interface PagingOptions {
  limit?: string;
  cursor?: string;
  all?: boolean;
}

export const withPaging = (command: Command): Command =>
  command
    .option('--limit <number>', 'how many, 1 to 200 (50 if left out)')
    .option('--cursor <cursor>', 'continue where an earlier answer ended (its nextCursor)')
    .option('--all', 'every page, one after the other');

const LARGEST_PAGE = 200;

/** The contract wants a number; what is none is refused there, with the field's name. */
export const pageAsked = ({ limit, cursor, all }: PagingOptions) => ({
  limit: limit === undefined ? (all ? LARGEST_PAGE : undefined) : Number(limit),
  cursor,
});

/** Every item from a page on, in the order of the pages. */
export const allPages = async <Item>(
  first: string | undefined,
  read: (cursor: string | undefined) => Promise<{ items: readonly Item[]; nextCursor: string | null }>,
): Promise<Item[]> => {
  const items: Item[] = [];
  let cursor = first;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
};
