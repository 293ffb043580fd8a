/** Times are shown in UTC, as they are entered and stored: people in two zones must read the same minute. */
export const dayAndMinute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;

/** The seconds only where there are any. */
export const timeOfDay = (iso: string): string => (iso.slice(17, 19) === '00' ? iso.slice(11, 16) : iso.slice(11, 19));

export const day = (iso: string): string => iso.slice(0, 10);
