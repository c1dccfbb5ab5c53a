/** Characters of a note, and of what is said of a meeting. */
export const WORDS = 2_000;

/** Characters of a document's name, in one line. */
export const DOCUMENT = 120;

/** As many characters as Rust counts. */
export const length = (text: string): number => [...text].length;
