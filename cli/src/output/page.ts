import type { Ink } from './ink';

/** What a page is drawn on. */
export interface Page {
  ink: Ink;
  width: number;
  now: Date;
}

/** A page as wide as this is read without moving the head; wider terminals are not filled. */
export const WIDEST = 110;
