/** An area's code says what it lies in: "US-IA-113" is in "US-IA", which is in "US". */
export const within = (code: string, area: string): boolean =>
  `${code}-`.startsWith(`${area}-`);
